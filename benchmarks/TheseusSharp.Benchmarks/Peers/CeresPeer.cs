using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace TheseusSharp.Benchmarks.Peers;

/// <summary>
/// A pose graph held by Ceres in a process of its own (<c>benchmarks/peers/ceres</c>), so that its iterations and ours
/// can take turns within one run. The program is the file that the environment variable <c>THESEUS_CERES_PEER</c>
/// names, or else <c>benchmarks/peers/build/ceres/ceres_peer</c> in a folder above this program. Between commands it
/// waits for input and uses no processor time.
/// </summary>
internal sealed class CeresPeer : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private CeresPeer(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts Ceres on a g2o file; null, with the reason printed, where the program is not built.</summary>
    /// <param name="file">The g2o file.</param>
    /// <param name="options">Initial values, weights, ordering.</param>
    public static CeresPeer? Start(string file, CeresOptions options)
    {
        string? program = Find();
        if (program is null)
        {
            Console.WriteLine("The Ceres peer is left out: benchmarks/peers/ceres/build.sh builds it.");
            return null;
        }

        ProcessStartInfo start = new(program, [file, .. options.Arguments()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // CHOLMOD asks for OpenMP threads by itself, whatever OMP_NUM_THREADS says; they would spin.
        start.Environment["OMP_THREAD_LIMIT"] = "1";
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        Process process = Process.Start(start)
            ?? throw new InvalidOperationException($"{program} could not be started.");
        return new(process);
    }

    /// <summary>Libraries, threads and compiler of the program, and the size of the problem it read.</summary>
    public CeresVersion Version() => Ask<CeresVersion>("version");

    /// <summary>The objective ½Σ‖w·Log(m⁻¹xᵢ⁻¹xⱼ)‖² at the initial values.</summary>
    public double Cost() => Ask<CeresCost>("cost").Cost;

    /// <summary>Iterations from the initial values with all tolerances zero.</summary>
    /// <param name="count">How many; at least 3, or none of them is a steady one.</param>
    /// <param name="method">The step.</param>
    public CeresRun Iterate(int count, CeresMethod method = CeresMethod.GaussNewton)
    {
        return Ask<CeresRun>(string.Create(CultureInfo.InvariantCulture, $"iterate {count} {Word(method)}"));
    }

    /// <summary>Iterations from the initial values until a tolerance is met, at most 200.</summary>
    /// <param name="method">The step.</param>
    /// <param name="tolerance">Relative change of the objective to stop at.</param>
    public CeresRun Solve(CeresMethod method, double tolerance = 1e-6)
    {
        return Ask<CeresRun>(string.Create(CultureInfo.InvariantCulture, $"solve {Word(method)} {tolerance:R}"));
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        try
        {
            _process.StandardInput.Dispose();
        }
        catch (IOException)
        {
            // The process has ended already, with an unsent command in the pipe.
        }

        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            _process.Kill();
        _process.Dispose();
    }

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("THESEUS_CERES_PEER");
        if (!string.IsNullOrEmpty(named))
            return File.Exists(named) ? named : null;

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string built = Path.Combine(folder.FullName, "benchmarks", "peers", "build", "ceres", "ceres_peer");
            if (File.Exists(built))
                return built;
        }

        return null;
    }

    private static string Word(CeresMethod method) => method == CeresMethod.GaussNewton ? "gn" : "lm";

    private T Ask<T>(string command)
    {
        string? answer = null;
        try
        {
            _process.StandardInput.WriteLine(command);
            _process.StandardInput.Flush();
            answer = _process.StandardOutput.ReadLine();
        }
        catch (IOException)
        {
            // The pipe of a process that has ended; what it said on its way is reported below.
        }

        if (answer is null)
            throw new InvalidOperationException($"The Ceres peer ended at '{command}': {_errors.Result.Trim()}");
        using JsonDocument document = JsonDocument.Parse(answer);
        if (document.RootElement.TryGetProperty("error", out JsonElement error))
            throw new InvalidOperationException($"The Ceres peer refused '{command}': {error.GetString()}");
        return document.Deserialize<T>(Json)!;
    }

    private sealed record CeresCost(double Cost);
}

/// <summary>How Ceres steps.</summary>
internal enum CeresMethod
{
    /// <summary>Levenberg–Marquardt with a trust region of 1e16. Steps that raise the objective are rejected.</summary>
    GaussNewton,

    /// <summary>Levenberg–Marquardt as Ceres starts it.</summary>
    LevenbergMarquardt,
}

/// <summary>What Ceres is given besides the file.</summary>
/// <param name="Initial">A g2o file whose vertices replace the initial values; null: those of the file.</param>
/// <param name="Diagonal">Whether only the diagonals of the information matrices count.</param>
/// <param name="PostOrdering">
/// Whether CHOLMOD orders JᵀJ itself; else Ceres orders the Jacobian. Which is faster depends on the problem.
/// </param>
/// <param name="PlaneManifold">
/// 2D: whether a step is x∘Exp(δ), as it is in 3D; else it adds to [x y θ], the faster one for Ceres.
/// </param>
internal sealed record CeresOptions(
    string? Initial = null, bool Diagonal = false, bool PostOrdering = false, bool PlaneManifold = false)
{
    /// <summary>The options as words of a command line.</summary>
    public IEnumerable<string> Arguments()
    {
        yield return "--information";
        yield return Diagonal ? "diagonal" : "full";
        if (PostOrdering)
            yield return "--postordering";
        if (PlaneManifold)
            yield return "--plane-manifold";
        if (Initial is null)
            yield break;
        yield return "--initial";
        yield return Initial;
    }
}

/// <summary>What a peer's timings depend on.</summary>
/// <param name="Ceres">Version of Ceres.</param>
/// <param name="Blas">The file that CHOLMOD's BLAS comes from, as bound by the dynamic linker.</param>
/// <param name="Lapack">The file that CHOLMOD's LAPACK comes from.</param>
/// <param name="Cholmod">The file of CHOLMOD.</param>
/// <param name="Core">The kernels that OpenBLAS picked for this processor.</param>
/// <param name="Compiler">Compiler and options of the cost functions.</param>
/// <param name="Threads">Threads of Ceres.</param>
/// <param name="BlasThreads">Threads of OpenBLAS.</param>
/// <param name="Poses">Poses read.</param>
/// <param name="Held">Of these held constant.</param>
/// <param name="Edges">Edges read.</param>
internal sealed record CeresVersion(
    string Ceres, string Blas, string Lapack, string Cholmod, string Core, string Compiler, int Threads,
    int BlasThreads, int Poses, int Held, int Edges)
{
    public override string ToString()
    {
        return $"Ceres {Ceres}, {Path.GetFileName(Cholmod)}, {Path.GetFileName(Blas)} ({Core}), {Compiler}, " +
            $"{Threads} thread; {Poses} poses ({Held} held), {Edges} edges";
    }
}

/// <summary>
/// One run of Ceres; times in seconds. A steady iteration is an accepted one from the second on (the first contains the
/// symbolic factorization): linear solve, step, objective of the new values, residuals and Jacobians there.
/// </summary>
/// <param name="InitialCost">Objective before.</param>
/// <param name="FinalCost">Objective after.</param>
/// <param name="Iterations">Iterations done, rejected ones included.</param>
/// <param name="Rejected">Steps rejected.</param>
/// <param name="Converged">1 where a criterion was met, else 0.</param>
/// <param name="Message">Ceres' reason to stop.</param>
/// <param name="TotalSeconds">The whole of Ceres' Solve.</param>
/// <param name="PreprocessorSeconds">Of these before the first evaluation.</param>
/// <param name="MinimizerSeconds">Of these the first evaluation and all iterations.</param>
/// <param name="Steady">Number of steady iterations; where it is 0, so are their times.</param>
/// <param name="SteadyMinimum">The fastest steady iteration.</param>
/// <param name="SteadyMedian">The median steady iteration.</param>
/// <param name="LinearMinimum">JᵀJ, factorization and solution in the fastest steady iteration by that measure.</param>
/// <param name="LinearMedian">Their median.</param>
/// <param name="JacobianMean">Mean time of an evaluation of residuals and Jacobians, the first included.</param>
/// <param name="ResidualMean">Mean time of an evaluation of the objective.</param>
/// <param name="IterationSeconds">All iterations; number 0 is the first evaluation.</param>
/// <param name="Costs">The objective after each.</param>
internal sealed record CeresRun(
    double InitialCost, double FinalCost, int Iterations, int Rejected, int Converged, string Message,
    double TotalSeconds, double PreprocessorSeconds, double MinimizerSeconds, int Steady, double SteadyMinimum,
    double SteadyMedian, double LinearMinimum, double LinearMedian, double JacobianMean, double ResidualMean,
    double[] IterationSeconds, double[] Costs);
