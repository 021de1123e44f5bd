using System.Numerics;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>
/// What the dense work of the factorization has in common whatever the numbers, and who does it.
/// </summary>
internal static class FrontKernels
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
    public const int ScratchLength = ChunkDepth * (BlockColumns + 64);

    /// <summary>The kernels in double for the widest registers that this machine computes with.</summary>
    public static FrontKernels<double> Default { get; } = For(Widest);

    /// <summary>The kernels in float likewise.</summary>
    public static FrontKernels<float> DefaultSingle { get; } = ForSingle(Widest);

    private static int Widest =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>The kernels in double for registers of some width; all widths give the same bits.</summary>
    public static FrontKernels<double> For(int bits) => bits switch
    {
        512 => new FrontKernels<double, Rows512x1<double>, Rows512x2<double>, Rows512x4<double>>(),
        256 => new FrontKernels<double, Rows256x2<double>, Rows256x2<double>, Rows256x2<double>>(),
        128 => new FrontKernels<double, Rows128x4<double>, Rows128x4<double>, Rows128x4<double>>(),
        _ => throw WrongWidth(bits),
    };

    /// <summary>The kernels in float likewise.</summary>
    public static FrontKernels<float> ForSingle(int bits) => bits switch
    {
        512 => new FrontKernels<float, Rows256x1<float>, Rows512x1<float>, Rows512x4<float>>(),
        256 => new FrontKernels<float, Rows256x1<float>, Rows256x2<float>, Rows256x2<float>>(),
        128 => new FrontKernels<float, Rows128x2<float>, Rows128x4<float>, Rows128x4<float>>(),
        _ => throw WrongWidth(bits),
    };

    /// <summary>The length with padding.</summary>
    public static int Padded(int length) => (length + Padding - 1) & -Padding;

    /// <summary>Where elimination halves a range of columns.</summary>
    public static int Middle(int first, int end) => first + ((end - first) / (2 * TileColumns) * TileColumns);

    private static ArgumentOutOfRangeException WrongWidth(int bits) =>
        new(nameof(bits), bits, "Expected 128, 256 or 512.");
}

/// <summary>
/// The dense work of the factorization, on column-major storage whose leading dimension is a multiple of 8.
/// </summary>
/// <typeparam name="T">The numbers: double or float.</typeparam>
internal abstract unsafe class FrontKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
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
    public abstract int Eliminate(T* panel, int columns, int ld, T* least, T* scratch);

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
        T* a, nint lda, T* c, nint ldc, int first, int end, int rows, int depth, T* scratch);

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
        T* a, nint lda, T* c, nint ldc, int first, int end, int rows, int top, int bottom, int depth,
        T* scratch);

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
        T* panel, int first, int end, int ld, T* least, T* scratch);

    /// <summary>What <see cref="Eliminate"/> does to rows below a diagonal block that is eliminated.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="first">The first column.</param>
    /// <param name="end">The column after the last.</param>
    /// <param name="ld">How many rows there are, padding included.</param>
    /// <param name="top">The first row; a multiple of 8, not above <paramref name="end"/>.</param>
    /// <param name="bottom">The row after the last, likewise.</param>
    /// <param name="scratch">Scratch.</param>
    public abstract void Substitute(
        T* panel, int first, int end, int ld, int top, int bottom, T* scratch);

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
        T* panel, int first, int middle, int end, int ld, int top, int bottom, T* scratch);

    /// <summary>z ← L⁻¹·z for the pivots, and what that subtracts from the rows below.</summary>
    /// <param name="panel">What <see cref="Eliminate"/> made.</param>
    /// <param name="columns">How many columns it has.</param>
    /// <param name="ld">How many rows there are, padding included.</param>
    /// <param name="z">One number for each row; zeros below the pivots receive what is subtracted, negative.</param>
    public abstract void SolveForward(T* panel, int columns, int ld, T* z);

    /// <summary>x ← L⁻ᵀ·x for the pivots, from the rows below, which are known.</summary>
    /// <param name="panel">What <see cref="Eliminate"/> made.</param>
    /// <param name="columns">How many columns it has.</param>
    /// <param name="ld">How many rows there are, padding included.</param>
    /// <param name="x">One number for each row; zeros in the padding.</param>
    public abstract void SolveBackward(T* panel, int columns, int ld, T* x);
}
