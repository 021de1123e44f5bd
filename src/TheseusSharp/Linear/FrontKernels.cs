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

    /// <summary>
    /// Up to this many columns, each tile updates from all columns to its left: they stay in the first-level cache.
    /// </summary>
    public const int NarrowColumns = 48;

    /// <summary>How many columns the widest tile has.</summary>
    public const int TileColumns = 6;

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
    /// The columns, <paramref name="ld"/> rows each. Above the diagonal, what is in the same 8 rows as a tile becomes
    /// zero, so that tiles can be multiplied whole; the rest is scratch.
    /// </param>
    /// <param name="columns">How many columns are eliminated.</param>
    /// <param name="ld">How many rows there are, padding included; a multiple of 8.</param>
    /// <param name="least">For each column, what its pivot must exceed.</param>
    /// <param name="scratch">Scratch.</param>
    /// <returns>−1, or the first column whose pivot did not.</returns>
    public abstract int Eliminate(double* panel, int columns, int ld, double* least, double* scratch);

    /// <summary>
    /// C ← −A·Aᵀ on and below the diagonal (and on some of what is above it), for a range of columns.
    /// </summary>
    /// <param name="a">A, <paramref name="rows"/> by <paramref name="depth"/>.</param>
    /// <param name="lda">How far apart columns of A are.</param>
    /// <param name="c">Where C has its first row and column, even if that is not computed.</param>
    /// <param name="ldc">How far apart columns of C are.</param>
    /// <param name="first">The first column that is computed.</param>
    /// <param name="end">The column after the last.</param>
    /// <param name="rows">How many rows, padding included; a multiple of 8.</param>
    /// <param name="depth">How many columns A has, at least 1.</param>
    /// <param name="scratch">Scratch.</param>
    public abstract void Square(
        double* a, nint lda, double* c, nint ldc, int first, int end, int rows, int depth, double* scratch);

    /// <summary>Some rows of <see cref="Square"/>, to the same bits.</summary>
    /// <param name="a">A, <paramref name="rows"/> by <paramref name="depth"/>.</param>
    /// <param name="lda">How far apart columns of A are.</param>
    /// <param name="c">Where C has its first row and column.</param>
    /// <param name="ldc">How far apart columns of C are.</param>
    /// <param name="first">The first column that is computed.</param>
    /// <param name="end">The column after the last.</param>
    /// <param name="rows">How many rows there are, padding included; a multiple of 8.</param>
    /// <param name="top">The first row that is computed, a multiple of 8.</param>
    /// <param name="bottom">The row after the last, likewise.</param>
    /// <param name="depth">How many columns A has, at least 1.</param>
    /// <param name="scratch">Scratch.</param>
    public abstract void SquareRows(
        double* a, nint lda, double* c, nint ldc, int first, int end, int rows, int top, int bottom, int depth,
        double* scratch);

    /// <summary>
    /// Eliminates columns that everything to their left is subtracted from, on the rows of their diagonal block only.
    /// </summary>
    /// <param name="panel">The panel, as for <see cref="Eliminate"/>.</param>
    /// <param name="first">The first column.</param>
    /// <param name="end">The column after the last.</param>
    /// <param name="ld">How many rows there are, padding included.</param>
    /// <param name="least">For each column of the panel, what its pivot must exceed.</param>
    /// <param name="scratch">Scratch.</param>
    /// <returns>−1, or the first column whose pivot did not.</returns>
    public abstract int EliminateDiagonal(
        double* panel, int first, int end, int ld, double* least, double* scratch);

    /// <summary>What <see cref="Eliminate"/> does to rows below a diagonal block that is eliminated.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="first">The first column.</param>
    /// <param name="end">The column after the last.</param>
    /// <param name="ld">How many rows there are, padding included.</param>
    /// <param name="top">The first row; a multiple of 8, not above <paramref name="end"/>.</param>
    /// <param name="bottom">The row after the last, likewise.</param>
    /// <param name="scratch">Scratch.</param>
    public abstract void Substitute(
        double* panel, int first, int end, int ld, int top, int bottom, double* scratch);

    /// <summary>Subtracts what some columns of a panel contribute to those that follow, on some rows.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="first">The first column that contributes.</param>
    /// <param name="middle">The column after the last: the first of those that follow.</param>
    /// <param name="end">The column after the last of these.</param>
    /// <param name="ld">How many rows there are, padding included.</param>
    /// <param name="top">The first row; a multiple of 8.</param>
    /// <param name="bottom">The row after the last, likewise.</param>
    /// <param name="scratch">Scratch.</param>
    public abstract void DowndateRows(
        double* panel, int first, int middle, int end, int ld, int top, int bottom, double* scratch);

    /// <summary>Where elimination halves a range of columns.</summary>
    public static int Middle(int first, int end) => first + ((end - first) / (2 * TileColumns) * TileColumns);

    /// <summary>z ← L⁻¹·z for the pivots, and what that subtracts from the rows below.</summary>
    /// <param name="panel">What <see cref="Eliminate"/> made.</param>
    /// <param name="columns">How many columns it has.</param>
    /// <param name="ld">How many rows there are, padding included.</param>
    /// <param name="z">One number for each row; zeros below the pivots receive what is subtracted, negative.</param>
    public abstract void SolveForward(double* panel, int columns, int ld, double* z);

    /// <summary>x ← L⁻ᵀ·x for the pivots, from the rows below, which are known.</summary>
    /// <param name="panel">What <see cref="Eliminate"/> made.</param>
    /// <param name="columns">How many columns it has.</param>
    /// <param name="ld">How many rows there are, padding included.</param>
    /// <param name="x">One number for each row; zeros in the padding.</param>
    public abstract void SolveBackward(double* panel, int columns, int ld, double* x);
}
