using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using TheseusSharp.Benchmarks.Peers;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Benchmarks.Reports;

namespace TheseusSharp.Benchmarks;

/// <summary>Everything once and small, to see that it runs; peers and data that are not there are left out.</summary>
internal static class Smoke
{
    public static int Run()
    {
        Ratios.Print(smoke: true);
        Console.WriteLine();
        RunSuite();
        Suite.Run(new MemoryReport(), Effort.Smoke);
        return RunBenchmarks();
    }

    private static void RunSuite()
    {
        string results = Path.GetTempFileName();
        Suite.Run(Effort.Smoke, writesBaseline: false, results);
        File.Delete(results);
    }

    private static int RunBenchmarks()
    {
        IConfig config = ManualConfig.CreateEmpty()
            .AddJob(Job.Dry.WithToolchain(InProcessEmitToolchain.Instance))
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddFilter(new SimpleFilter(
                b => NativePeers.IsAvailable || !b.Descriptor.Categories.Contains(NativePeers.Category)));
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(Smoke).Assembly).RunAll(config);
        return summaries.All(summary => summary.Reports.All(report => report.Success)) ? 0 : 1;
    }
}
