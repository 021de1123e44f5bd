using System.Runtime.InteropServices;
using TheseusSharp.Cholmod;

namespace TheseusSharp.Benchmarks.Peers;

/// <summary>What CHOLMOD's times depend on in this process: threads, BLAS, the allocator.</summary>
internal static unsafe class NativeEnvironment
{
    private const int TrimThreshold = -1;
    private const int MostMaps = -4;

    /// <summary>Whether CHOLMOD is installed; where it is, it is made ready to be timed at its best.</summary>
    public static bool IsAvailable { get; } = CholmodLibrary.IsAvailable && Tune();

    /// <summary>The BLAS that is loaded, by its file's name.</summary>
    public static string Blas => Loaded("openblas") ?? Loaded("libblas") ?? "an unknown BLAS";

    /// <summary>What speaks against any timing; null if nothing does.</summary>
    public static string? Objection => OmpLimit() > 1
        ? "OMP_THREAD_LIMIT is not 1: CHOLMOD asks for several threads, which spin"
        : Loaded("openblas") is null ? $"CHOLMOD is bound to {Blas}, not to OpenBLAS" : null;

    /// <summary>Versions, in a sentence.</summary>
    public static string Describe() => IsAvailable
        ? $"CHOLMOD {CholmodLibrary.Instance.Version}, {Blas}, OMP_THREAD_LIMIT={OmpLimit()}"
        : "CHOLMOD is not installed (Debian: libcholmod3, libopenblas0-pthread)";

    /// <summary>
    /// CHOLMOD asks for its workspace anew at each factorization, gigabytes of zero pages by turns: with the allocator
    /// told to keep memory, it is up to a tenth faster.
    /// </summary>
    private static bool Tune()
    {
        if (!NativeLibrary.TryLoad("libc.so.6", out nint libc))
            return true;
        var mallopt = (delegate* unmanaged<int, int, int>)NativeLibrary.GetExport(libc, "mallopt");
        _ = mallopt(TrimThreshold, int.MaxValue);
        _ = mallopt(MostMaps, 0);
        return true;
    }

    private static int OmpLimit()
    {
        if (Loaded("libgomp") is null || !NativeLibrary.TryLoad("libgomp.so.1", out nint gomp))
            return 1;
        return ((delegate* unmanaged<int>)NativeLibrary.GetExport(gomp, "omp_get_thread_limit"))();
    }

    private static string? Loaded(string name)
    {
        const string Maps = "/proc/self/maps";
        string? line = File.Exists(Maps)
            ? File.ReadLines(Maps).FirstOrDefault(line => line.Contains(name, StringComparison.Ordinal)) : null;
        return line is null ? null : Path.GetFileName(line);
    }
}
