using System.Runtime.InteropServices;

namespace TheseusSharp.Cholmod;

/// <summary>The native library, loaded when it is first asked for.</summary>
/// <remarks>
/// CHOLMOD runs its loops in four OpenMP threads whatever the machine, which on fewer cores is several times slower
/// than one; and its BLAS may start threads of its own. So, unless the environment says otherwise already, loading it
/// sets OMP_THREAD_LIMIT and OPENBLAS_NUM_THREADS to 1 in this process. OMP_NUM_THREADS does not help: CHOLMOD
/// overrides it.
/// </remarks>
public sealed unsafe class CholmodLibrary
{
    /// <summary>The file that is loaded.</summary>
    public const string FileName = "libcholmod.so.3";

    private static readonly Lazy<CholmodLibrary?> s_library = new(TryLoad);
    private readonly delegate* unmanaged<void*, int> _start;
    private readonly delegate* unmanaged<void*, int> _finish;
    private readonly delegate* unmanaged<NativeSparse*, void*, NativeFactor*> _analyze;
    private readonly delegate* unmanaged<NativeSparse*, int*, int*, nuint, void*, NativeFactor*> _analyzeGiven;
    private readonly delegate* unmanaged<NativeSparse*, NativeFactor*, void*, int> _factorize;
    private readonly delegate* unmanaged<
        int, NativeFactor*, NativeDense*, NativeSparse*, NativeDense**, NativeSparse**, NativeDense**, NativeDense**,
        void*, int> _solve;
    private readonly delegate* unmanaged<NativeFactor**, void*, int> _freeFactor;
    private readonly delegate* unmanaged<NativeDense**, void*, int> _freeDense;

    private CholmodLibrary(nint library)
    {
        var version = (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "cholmod_version");
        int* parts = stackalloc int[3];
        version(parts);
        Version = new(parts[0], parts[1], parts[2]);
        _start = (delegate* unmanaged<void*, int>)NativeLibrary.GetExport(library, "cholmod_start");
        _finish = (delegate* unmanaged<void*, int>)NativeLibrary.GetExport(library, "cholmod_finish");
        _analyze = (delegate* unmanaged<NativeSparse*, void*, NativeFactor*>)NativeLibrary.GetExport(
            library, "cholmod_analyze");
        _analyzeGiven = (delegate* unmanaged<NativeSparse*, int*, int*, nuint, void*, NativeFactor*>)
            NativeLibrary.GetExport(library, "cholmod_analyze_p");
        _factorize = (delegate* unmanaged<NativeSparse*, NativeFactor*, void*, int>)NativeLibrary.GetExport(
            library, "cholmod_factorize");
        _solve = (delegate* unmanaged<
            int, NativeFactor*, NativeDense*, NativeSparse*, NativeDense**, NativeSparse**, NativeDense**,
            NativeDense**, void*, int>)NativeLibrary.GetExport(library, "cholmod_solve2");
        _freeFactor = (delegate* unmanaged<NativeFactor**, void*, int>)NativeLibrary.GetExport(
            library, "cholmod_free_factor");
        _freeDense = (delegate* unmanaged<NativeDense**, void*, int>)NativeLibrary.GetExport(
            library, "cholmod_free_dense");
    }

    /// <summary>Whether the library is installed, in a version that is understood.</summary>
    public static bool IsAvailable => s_library.Value is { Version.Major: 3 } && sizeof(nint) == 8;

    /// <summary>The version of the library.</summary>
    public Version Version { get; }

    /// <summary>The library.</summary>
    /// <exception cref="CholmodNotFoundException">It is not installed, or not in a version that is
    /// understood.</exception>
    public static CholmodLibrary Instance
    {
        get
        {
            CholmodLibrary library = s_library.Value ?? throw new CholmodNotFoundException();
            return IsAvailable ? library : throw new CholmodNotFoundException(
                $"{FileName} has version {library.Version}; version 3 on a 64-bit system is needed (Debian 12: " +
                "libcholmod3).");
        }
    }

    internal int Start(void* common) => _start(common);

    internal int Finish(void* common) => _finish(common);

    internal NativeFactor* Analyze(NativeSparse* matrix, void* common) => _analyze(matrix, common);

    internal NativeFactor* Analyze(NativeSparse* matrix, int* order, void* common) =>
        _analyzeGiven(matrix, order, null, 0, common);

    internal int Factorize(NativeSparse* matrix, NativeFactor* factor, void* common) =>
        _factorize(matrix, factor, common);

    internal int Solve(
        int system, NativeFactor* factor, NativeDense* b, NativeDense** x, NativeDense** y, NativeDense** e,
        void* common) => _solve(system, factor, b, null, x, null, y, e, common);

    internal void Free(NativeFactor** factor, void* common) => _ = _freeFactor(factor, common);

    internal void Free(NativeDense** matrix, void* common) => _ = _freeDense(matrix, common);

    private static CholmodLibrary? TryLoad()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        LimitThreads("OMP_THREAD_LIMIT");
        LimitThreads("OPENBLAS_NUM_THREADS");
        return NativeLibrary.TryLoad(FileName, out nint library) ? new(library) : null;
    }

    /// <summary>
    /// Sets the variable in the process itself: .NET keeps the environment that native code sees apart.
    /// </summary>
    private static void LimitThreads(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is not null ||
            !NativeLibrary.TryLoad("libc.so.6", out nint libc))
            return;
        var set = (delegate* unmanaged<byte*, byte*, int, int>)NativeLibrary.GetExport(libc, "setenv");
        byte* name = (byte*)Marshal.StringToCoTaskMemUTF8(variable), value = (byte*)Marshal.StringToCoTaskMemUTF8("1");
        _ = set(name, value, 0);
        Marshal.FreeCoTaskMem((nint)name);
        Marshal.FreeCoTaskMem((nint)value);
    }
}
