using System.CommandLine;
using System.Diagnostics;
using TheseusSharp.Cli.Output;
using TheseusSharp.Cli.Solving;
using TheseusSharp.Data;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Cli.Commands;

/// <summary><c>theseus solve FILE.g2o</c></summary>
internal sealed class SolveCommand
{
    private const int MostIterations = 100_000;

    private readonly Argument<string> _file = Symbols.Path("FILE.g2o", "A pose graph in the g2o format, 2D or 3D.");

    private readonly Option<Optimizer> _optimizer = Symbols.Choice<Optimizer>(
        "--optimizer",
        "gn: Gauss–Newton, the fastest near the answer. lm: Levenberg–Marquardt, safe from afar. [default: lm]",
        ("gn", new GaussNewton()), ("lm", new LevenbergMarquardt()));

    private readonly Option<InitialPoses?> _init = Symbols.Choice<InitialPoses?>(
        "--init",
        "Where to start: the file's poses; measurements composed along odometry; or a linear relaxation of all " +
        "measurements. [default: file if it has poses, else odometry]",
        ("file", InitialPoses.File), ("odometry", InitialPoses.Odometry), ("chordal", InitialPoses.Chordal));

    private readonly Option<InformationMode> _information = Symbols.Choice(
        "--information",
        "What of the information matrices counts: all of them, which must be positive semidefinite; their diagonals; " +
        "or all, with negative eigenvalues set to zero. [default: full]",
        ("full", InformationMode.Full), ("diagonal", InformationMode.Diagonal), ("clamp", InformationMode.Clamp));

    private readonly Option<Gauge> _gauge = Symbols.Choice(
        "--gauge",
        "first: hold the first pose of each connected component without a FIX record. free: hold only what FIX " +
        "records name. [default: first]",
        ("first", Gauge.First), ("free", Gauge.Free));

    private readonly Option<int> _iterations = Symbols.WholeNumber(
        "--iterations", "At most so many iterations. [default: 100]", 0, MostIterations);

    private readonly Option<int> _threads = Symbols.WholeNumber(
        "--threads",
        "At most so many threads; results are the same to the last bit for any number. They share the work on a " +
        "large graph; a small one is solved by one. [default: all cores]",
        1, 1024);

    private readonly Option<LinearPrecision> _precision = Symbols.Choice(
        "--precision",
        "How linear systems are factored. double; mixed: in single precision, solutions refined to double, and in " +
        "double where that does not do; automatic: by size and structure. [default: automatic]",
        ("automatic", LinearPrecision.Automatic), ("double", LinearPrecision.Double),
        ("mixed", LinearPrecision.Mixed));

    private readonly Option<string> _output = Symbols.OutputPath(
        "--output", "Write the solved graph here, if the result is usable.", "OUT.g2o");

    private readonly Option<string> _json = Symbols.OutputPath(
        "--json", "Write a summary here: objectives, iterations, status, sizes, times.", "SUMMARY.json");

    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print nothing but errors." };

    /// <summary>The command.</summary>
    /// <param name="terminal">Where output goes.</param>
    /// <param name="cancellation">Stops the solve at its next iteration.</param>
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var solve = new SolveCommand();
        var command = new Command(
            "solve",
            "Solves a pose graph. Exit code 0: the result is usable; 1: the solver failed; 2: bad input or usage; " +
            "130: cancelled by Ctrl-C.")
        {
            solve._file, solve._optimizer, solve._init, solve._information, solve._gauge, solve._iterations,
            solve._threads, solve._precision, solve._output, solve._json, solve._quiet,
        };
        command.SetAction(parsed => solve.Run(parsed, terminal, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        string? output = parsed.GetValue(_output), json = parsed.GetValue(_json);
        OutputFile.RequireWritable("--output", output);
        OutputFile.RequireWritable("--json", json);
        if (output is not null && json is not null && Path.GetFullPath(output) == Path.GetFullPath(json))
            throw new ToolException($"--output and --json name the same file, {output}.");

        bool isQuiet = parsed.GetValue(_quiet);
        PoseGraph graph = GraphFile.Read(parsed.GetRequiredValue(_file));
        cancellation.ThrowIfCancellationRequested();
        Solution solution = PoseGraphSolver.Solve(
            graph, Settings(parsed), start, IterationTable.Of(terminal, isQuiet), cancellation);
        solution.WriteGraph(output);
        if (json is not null)
            OutputFile.Write(json, solution.WriteJson);
        if (!isQuiet)
            terminal.Out.WriteLine(solution.Report());
        return solution.Conclude(terminal);
    }

    private SolveSettings Settings(ParseResult parsed) => new()
    {
        Optimizer = parsed.GetValue(_optimizer) ?? new LevenbergMarquardt(),
        Initial = parsed.GetValue(_init),
        Information = parsed.GetValue(_information),
        Gauge = parsed.GetValue(_gauge),
        Iterations = parsed.GetResult(_iterations) is null
            ? SolveOptions.Default.MaxIterations : parsed.GetValue(_iterations),
        Threads = parsed.GetValue(_threads),
        Precision = parsed.GetValue(_precision),
    };
}
