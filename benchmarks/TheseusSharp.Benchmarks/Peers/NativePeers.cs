using System.Reflection;
using System.Runtime.InteropServices;

namespace TheseusSharp.Benchmarks.Peers;

/// <summary>
/// The C++ peers of <c>benchmarks/peers</c>, where they have been built. The library is the file that the environment
/// variable <c>THESEUS_PEERS</c> names, or else <c>benchmarks/peers/build/libtheseus_peers.so</c> in a folder above
/// this program.
/// </summary>
internal static unsafe partial class NativePeers
{
    /// <summary>Marks the benchmarks that need the library.</summary>
    public const string Category = "native";

    private const string Library = "theseus_peers";

    private static readonly nint Handle = Load();

    static NativePeers() => NativeLibrary.SetDllImportResolver(typeof(NativePeers).Assembly, Resolve);

    /// <summary>Whether the library was found: where it was not, no other member can be called.</summary>
    public static bool IsAvailable => Handle != 0;

    [LibraryImport(Library, EntryPoint = "peer_between_residual")]
    public static partial void BetweenResidual(
        int n, double* poses, int stride, int* i, int* j, double* m, double* w, double* r);

    [LibraryImport(Library, EntryPoint = "peer_between_jacobian")]
    public static partial void BetweenJacobian(
        int n, double* poses, int stride, int* i, int* j, double* m, double* w, double* r, double* jac);

    [LibraryImport(Library, EntryPoint = "peer_snavely_residual")]
    public static partial void SnavelyResidual(
        int n, double* cameras, int cameraStride, double* points, int pointStride, int* camera, int* point,
        double* obs, double* r);

    [LibraryImport(Library, EntryPoint = "peer_snavely_jacobian")]
    public static partial void SnavelyJacobian(
        int n, double* cameras, int cameraStride, double* points, int pointStride, int* camera, int* point,
        double* obs, double* r, double* jac);

    /// <summary>GB/s of b = s a over <paramref name="count"/> doubles, 16 bytes an element: best pass.</summary>
    [LibraryImport(Library, EntryPoint = "peer_bandwidth_copy")]
    public static partial double BandwidthCopy(nuint count, int repeats);

    /// <summary>GB/s of a = b + s c over <paramref name="count"/> doubles, 24 bytes an element: best pass.</summary>
    [LibraryImport(Library, EntryPoint = "peer_bandwidth_triad")]
    public static partial double BandwidthTriad(nuint count, int repeats);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        return name == Library ? Handle : 0;
    }

    private static nint Load()
    {
        string? path = Environment.GetEnvironmentVariable("THESEUS_PEERS");
        if (!string.IsNullOrEmpty(path))
            return NativeLibrary.TryLoad(path, out nint named) ? named : 0;

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string built = Path.Combine(folder.FullName, "benchmarks", "peers", "build", "libtheseus_peers.so");
            if (File.Exists(built))
                return NativeLibrary.TryLoad(built, out nint found) ? found : 0;
        }

        return 0;
    }
}
