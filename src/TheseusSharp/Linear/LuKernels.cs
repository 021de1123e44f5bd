using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>
/// LU factorization with row exchanges, P·A = L·U, in place: row-major, the leading dimension a multiple of 8. L has
/// ones on its diagonal, which are not stored.
/// </summary>
internal abstract unsafe class LuKernels
{
    /// <summary>The kernels for the widest registers that this machine computes with.</summary>
    public static LuKernels Default { get; } =
        Vector512.IsHardwareAccelerated ? For(512) : Vector256.IsHardwareAccelerated ? For(256) : For(128);

    /// <summary>The kernels for registers of some width; all widths give the same bits.</summary>
    public static LuKernels For(int bits) => bits switch
    {
        512 => new LuKernels<Rows512x1<double>, Rows512x4<double>>(),
        256 => new LuKernels<Rows256x2<double>, Rows256x2<double>>(),
        128 => new LuKernels<Rows128x4<double>, Rows128x4<double>>(),
        _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "Expected 128, 256 or 512."),
    };

    /// <summary>
    /// How far apart rows are. Not a multiple of 64, which would put a column's numbers into few places of the cache.
    /// </summary>
    public static int Leading(int size) =>
        FrontKernels.Padded(size) is var padded && padded % 64 == 0 && padded >= 256 ? padded + 8 : padded;

    /// <summary>How many numbers of scratch a factorization needs.</summary>
    public static long ScratchLength(int size) => (size + 6L) * FrontKernels.ChunkDepth;

    /// <summary>Factors. Numbers that are not finite and pivots that are zero spoil the rest, nothing else.</summary>
    /// <param name="matrix">The matrix, zeros in the padding.</param>
    /// <param name="size">How many rows it has.</param>
    /// <param name="exchanges">For each row, the one that it was exchanged with when it was its turn.</param>
    /// <param name="scratch">Scratch.</param>
    public abstract void Factor(double* matrix, int size, int* exchanges, double* scratch);

    /// <summary>
    /// Which pivot no rounding error explains: the first for which that is not so, −1 if there is none.
    /// </summary>
    /// <param name="matrix">What <see cref="Factor"/> made.</param>
    /// <param name="size">How many rows it has.</param>
    public abstract int FirstDoubtfulPivot(double* matrix, int size);

    /// <summary>x ← (L·U)⁻¹·x.</summary>
    public abstract void Solve(double* matrix, int size, double* x);

    /// <summary>x ← (L·U)⁻ᵀ·x.</summary>
    public abstract void SolveTransposed(double* matrix, int size, double* x);
}
