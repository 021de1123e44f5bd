namespace TheseusSharp.Linear;

/// <summary>
/// What <see cref="InterleavedCholesky"/> knows from the structure alone: where everything lies in memory, and which
/// products go into which block of the factor. Immutable; shared by threads.
/// </summary>
/// <remarks>
/// <para>
/// The factor is stored by block rows: of row i, the blocks (i, k) that are not zero, k ascending in the order of
/// elimination, the diagonal block last; each block column-major. So a row is one dense matrix, as high as its blocks,
/// and columns that follow one another in two rows are one product of two dense matrices.
/// </para>
/// <para>
/// Block (i, j) is finished at once, in registers: what the matrix has there, less the sum over all k &lt; j of
/// L(i,k)·L(j,k)ᵀ, times L(j,j)⁻ᵀ. The factor is written once, the matrix read once, nothing is scattered.
/// </para>
/// <para>
/// A few consecutive columns are finished together, row by row: so what was read of a row for one column is still in a
/// near cache for the next.
/// </para>
/// </remarks>
internal sealed class InterleavedPlan
{
    internal InterleavedPlan(
        SymbolicFactorization symbolic, InterleavedColumn[] columns, InterleavedBlock[] blocks,
        InterleavedProduct[] products, InterleavedRun[] runs, long factorLength)
    {
        Structure = symbolic.Structure;
        Flops = symbolic.Flops;
        Columns = columns;
        Blocks = blocks;
        Products = products;
        Runs = runs;
        FactorLength = factorLength;
    }

    /// <summary>The structure of the matrices.</summary>
    public BlockStructure Structure { get; }

    /// <summary>How many multiplications and additions the factorization of one matrix needs.</summary>
    public double Flops { get; }

    /// <summary>How many numbers the factor of one matrix takes in memory.</summary>
    public long FactorLength { get; }

    /// <summary>The block columns, and rows, in the order of elimination, and one more where lists end.</summary>
    internal InterleavedColumn[] Columns { get; }

    /// <summary>The blocks of the factor, in the order in which they are finished; and one more.</summary>
    internal InterleavedBlock[] Blocks { get; }

    /// <summary>The products, by blocks.</summary>
    internal InterleavedProduct[] Products { get; }

    /// <summary>Which columns the rows of the factor have, by rows.</summary>
    internal InterleavedRun[] Runs { get; }

    /// <summary>Plans the factorization.</summary>
    /// <param name="symbolic">The structure, and the order of elimination, up to equivalent ones.</param>
    /// <exception cref="OverflowException">The factor of one matrix holds 2³¹ numbers or more.</exception>
    public static InterleavedPlan Of(SymbolicFactorization symbolic)
    {
        ArgumentNullException.ThrowIfNull(symbolic);
        return InterleavedPlanner.Plan(symbolic);
    }
}

/// <summary>A block column of the factor, and the block row of the same number.</summary>
/// <param name="Size">How many scalar columns it has.</param>
/// <param name="Position">The first of them, in the order of elimination.</param>
/// <param name="Offset">The first of them, in the order of the matrix.</param>
/// <param name="Runs">The first run of the row.</param>
/// <param name="Start">Where the row starts in the factor.</param>
/// <param name="Diagonal">Where the diagonal block is in the factor.</param>
internal readonly record struct InterleavedColumn(
    int Size, int Position, int Offset, int Runs, int Start, int Diagonal);

/// <summary>A block of the factor.</summary>
/// <param name="Row">Its row, a number of an <see cref="InterleavedColumn"/>.</param>
/// <param name="Column">Its column.</param>
/// <param name="Target">Where it is in the factor.</param>
/// <param name="Source">
/// Where the matrix has it: its first number; the complement of that if it is stored transposed; <see cref="None"/> if
/// it is zero.
/// </param>
/// <param name="Products">Its first product.</param>
internal readonly record struct InterleavedBlock(int Row, int Column, int Target, int Source, int Products)
{
    /// <summary>The block is zero in the matrix.</summary>
    public const int None = int.MinValue;
}

/// <summary>What some consecutive columns contribute to a block: A·Bᵀ.</summary>
/// <param name="Left">Where A starts in the factor: part of the block's row.</param>
/// <param name="Right">Where B starts in the factor: part of the row of the block's column.</param>
/// <param name="Depth">How many columns they have.</param>
internal readonly record struct InterleavedProduct(int Left, int Right, int Depth);

/// <summary>Consecutive columns of a row of the factor, which follow one another in the order of elimination.</summary>
/// <param name="Position">The first scalar column, in the order of elimination.</param>
/// <param name="Length">How many scalar columns there are.</param>
internal readonly record struct InterleavedRun(int Position, int Length);
