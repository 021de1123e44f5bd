using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using TheseusSharp.Benchmarks;
using TheseusSharp.Benchmarks.Peers;

// ratios            the quoted figures, interleaved in one process
// ceres [NAME]      a Gauss-Newton iteration on real pose graphs, ours and Ceres' in turns
// learning [POSES [THREADS]]  forward and backward through the solver on batches, beside quoted times of Theseus;
//                   0 poses for all cases
// memory            what backward modes hold and allocate, by the number of iterations
// --smoke           everything once, in this process, to see that it runs
// anything else     BenchmarkDotNet's own options, such as --filter '*Between*'
if (args is ["ratios"])
{
    Ratios.Print(smoke: false);
    return 0;
}

if (args is ["ceres", ..])
{
    CeresRatios.Print(DataSets.Folder("g2o"), rounds: 15, args.ElementAtOrDefault(1));
    return 0;
}

if (args is ["learning", ..])
{
    int Number(int position, int otherwise) =>
        args.ElementAtOrDefault(position) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    int poses = Number(1, 0);
    LearningTable.Print(TimeSpan.FromSeconds(8), poses == 0 ? null : poses, Number(2, 1));
    return 0;
}

if (args is ["memory"])
{
    MemoryTable.Print();
    return 0;
}

if (args is ["--smoke"])
{
    Ratios.Print(smoke: true);
    CeresRatios.Print(DataSets.Folder("g2o"), rounds: 1, "parking-garage");
    LearningTable.Print(TimeSpan.Zero, only: 64);
    MemoryTable.Print(poses: 64);
    Job once = Job.Dry.WithToolchain(InProcessEmitToolchain.Instance);
    IConfig config = ManualConfig.CreateEmpty()
        .AddJob(once)
        .AddLogger(BenchmarkDotNet.Loggers.ConsoleLogger.Default)
        .AddColumnProvider(BenchmarkDotNet.Columns.DefaultColumnProviders.Instance)
        .AddFilter(new SimpleFilter(
            b => NativePeers.IsAvailable || !b.Descriptor.Categories.Contains(NativePeers.Category)));
    var summaries = BenchmarkSwitcher.FromAssembly(typeof(Ratios).Assembly).RunAll(config);
    return summaries.All(summary => summary.Reports.All(report => report.Success)) ? 0 : 1;
}

BenchmarkSwitcher.FromAssembly(typeof(Ratios).Assembly).Run(args);
return 0;
