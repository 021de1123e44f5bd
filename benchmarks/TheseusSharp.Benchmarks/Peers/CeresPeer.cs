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

    private static readonly Lazy<string?> s_program = new(Find);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private CeresPeer(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Whether the program is built.</summary>
    public static bool IsAvailable => s_program.Value is not null;

    /// <summary>Starts Ceres on a g2o file; null where the program is not built.</summary>
    /// <param name="file">The g2o file.</param>
    /// <param name="options">Initial values, weights, ordering.</param>
    public static CeresPeer? Start(string file, CeresOptions options)
    {
        string? program = s_program.Value;
        if (program is null)
            return null;

        ProcessStartInfo start = new(program, [file, .. options.Arguments()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // CHOLMOD asks for OpenMP threads by itself, whatever OMP_NUM_THREADS says; they would spin.
        start.Environment["OMP_THREAD_LIMIT"] = "1";
        start.Environment["OPENBLAS_NUM_THREADS"] = options.BlasThreads.ToString(CultureInfo.InvariantCulture);
        // As in this process: see NativeEnvironment.
        start.Environment["MALLOC_TRIM_THRESHOLD_"] = int.MaxValue.ToString(CultureInfo.InvariantCulture);
        start.Environment["MALLOC_MMAP_MAX_"] = "0";
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

    /// <summary>
    /// Builds the problem anew, then iterates from the initial values until a tolerance is met, at most 200 times.
    /// </summary>
    /// <param name="method">The step.</param>
    /// <param name="tolerance">Relative change of the objective to stop at.</param>
    public CeresRun Whole(CeresMethod method, double tolerance)
    {
        return Ask<CeresRun>(string.Create(CultureInfo.InvariantCulture, $"whole {Word(method)} {tolerance:R}"));
    }

    /// <summary>The poses after the last run, in the order of the file, 3 or 7 numbers each as Ceres has them.</summary>
    public double[] Poses()
    {
        string file = Path.GetTempFileName();
        try
        {
            Ask<CeresWritten>("poses " + file);
            return [.. File.ReadAllText(file).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
                .Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        }
        finally
        {
            File.Delete(file);
        }
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

    private sealed record CeresWritten(string Written);
}
