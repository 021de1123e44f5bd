using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>
/// The dense work of the factorization, on column-major storage whose leading dimension is a multiple of 8.
/// </summary>
internal abstract unsafe class FrontKernels
{
    /// <summary>Rows are padded to a multiple of this, so that no kernel needs masks; padding holds zeros.</summary>
    public const int Padding = 8;

    /// <summary>
    /// How deep one pass over packed operands is: a tall tile of this depth fits the first-level cache.
    /// </summary>
    public const int ChunkDepth = 96;

    /// <summary>
    /// How many packed right operands there are: at this depth, they fit the second-level cache. A multiple of 6.
    /// </summary>
    public const int BlockColumns = 480;

    /// <summary>How many numbers of scratch the kernels need: the packed right operands, and one tall tile.</summary>
    public const int ScratchLength = ChunkDepth * (BlockColumns + 32);

    /// <summary>The kernels for the widest registers that this machine computes with.</summary>
    public static FrontKernels Default { get; } =
        Vector512.IsHardwareAccelerated ? For(512) : Vector256.IsHardwareAccelerated ? For(256) : For(128);

    /// <summary>The kernels for registers of some width; all widths give the same bits.</summary>
    public static FrontKernels For(int bits) => bits switch
    {
        512 => new FrontKernels<Rows8, Rows16, Rows32>(),
        256 => new FrontKernels<Rows8In256, Rows8In256, Rows8In256>(),
        128 => new FrontKernels<Rows8In128, Rows8In128, Rows8In128>(),
        _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "Expected 128, 256 or 512."),
    };

    /// <summary>The length with padding.</summary>
    public static int Padded(int length) => (length + Padding - 1) & -Padding;

    /// <summary>
    /// Replaces the first columns of a symmetric matrix by those of its Cholesky factor, the diagonal inverted.
    /// </summary>
    /// <param name="panel">
    /// The columns, <paramref name="ld"/> rows each; what is above the diagonal is used as scratch.
    /// </param>
    /// <param name="columns">How many columns are eliminated.</param>
    /// <param name="ld">How many rows there are, padding included; a multiple of 8.</param>
    /// <param name="least">For each column, what its pivot must exceed.</param>
    /// <param name="scratch">Scratch.</param>
    /// <returns>−1, or the first column whose pivot did not.</returns>
    public abstract int Eliminate(double* panel, int columns, int ld, double* least, double* scratch);

    /// <summary>C ← C − A·Aᵀ, on and below the diagonal (and on some of what is above it).</summary>
    /// <param name="a">A, <paramref name="rows"/> by <paramref name="depth"/>.</param>
    /// <param name="lda">How far apart columns of A are.</param>
    /// <param name="c">C.</param>
    /// <param name="ldc">How far apart columns of C are.</param>
    /// <param name="columns">How many columns of C are computed.</param>
    /// <param name="rows">How many rows, padding included; a multiple of 8.</param>
    /// <param name="depth">How many columns A has.</param>
    /// <param name="scratch">Scratch.</param>
    public abstract void Downdate(
        double* a, nint lda, double* c, nint ldc, int columns, int rows, int depth, double* scratch);
}
