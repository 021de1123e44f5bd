using System.Globalization;
using BenchmarkDotNet.Running;
using TheseusSharp.Benchmarks;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Benchmarks.Reporting;
using TheseusSharp.Benchmarks.Reports;

const string Help = """
    factor [NAME]         factorization of one large matrix, next to CHOLMOD
    batch [POSES]         factor and solve batches, next to a loop over CHOLMOD
    ceres [NAME]          a Gauss-Newton iteration on real pose graphs, ours and Ceres' in turns
    whole [NAME]          whole solves, next to Ceres
    learning [POSES [THREADS]]  forward and backward on batches, beside quoted times of Theseus; 0 poses: all
    precision [POSES]     mixed precision on and off
    sweep                 time and memory by closures, poses and batch
    large                 100 000 poses
    limits [NAME]         the distance to what the machine can do
    memory                what backward modes hold and allocate
    ratios                the kernels alone, next to C++
      (each of these: --quick for what the suite has time for)
    counts [--write]      instructions, operations, fill, allocations: exit code 1 where one got worse
    suite [--full] [--baseline] [--output FILE]   all reports; writes benchmarks/results.md
    gate                  exit code 1 where a ratio fell below benchmarks/baseline.json, three times over
    --smoke               everything once, in this process, to see that it runs
    anything else         BenchmarkDotNet's own options, such as --filter '*Between*'
    """;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string[] words = [.. args.Where(word => !word.StartsWith("--", StringComparison.Ordinal))];
bool Has(string option) => args.Contains(option);

switch (args.FirstOrDefault())
{
    case null or "help" or "--help":
        Console.WriteLine(Help);
        return 0;
    case Child.Word:
        return RunChild(args[1], args[2..]);
    case "--smoke":
        return Smoke.Run();
    case "counts":
        return CountsGate.Run(Has("--write"));
    case "suite":
        int output = Array.IndexOf(args, "--output");
        return Suite.Run(
            Has("--full") ? Effort.Full : Has("--smoke") ? Effort.Smoke : Effort.Quick, Has("--baseline"),
            output < 0 ? Path.Combine(Repository.Root, "benchmarks", "results.md") : args[output + 1]);
    case "gate":
        return Baseline.Gate(Effort.Quick);
    case "ratios":
        Ratios.Print(smoke: Has("--quick"));
        return 0;
    case var name when Find(name) is { } report:
        string? only = words.ElementAtOrDefault(1);
        Suite.Run(report, Has("--quick") ? Effort.Quick : Effort.Full, only == "0" ? null : only);
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Suite).Assembly).Run(args);
        return 0;
}

IReport? Find(string name) => name switch
{
    "learning" => new LearningReport(
        words.ElementAtOrDefault(2) is { } threads ? int.Parse(threads, CultureInfo.InvariantCulture) : 1),
    "memory" => new MemoryReport(),
    _ => Suite.Reports.FirstOrDefault(report => report.Name == name),
};

static int RunChild(string task, string[] arguments)
{
    Action<string[]> run = task switch
    {
        "whole" => OurWhole.RunInChild,
        "cell" => SweepCell.RunInChild,
        "large" => LargeReport.RunInChild,
        _ => throw new ArgumentException($"There is no task {task}."),
    };
    run(arguments);
    return 0;
}
