using System.Runtime.InteropServices;

namespace TheseusSharp.Linear;

/// <summary>
/// Sparse Cholesky factorization by the multifrontal method (I. Duff, J. Reid, "The multifrontal solution of indefinite
/// sparse symmetric linear equations", ACM TOMS 9, 1983): dense work on small matrices, each a group of similar
/// columns, whose results are added into their parents'. Allocates only when constructed.
/// </summary>
public sealed unsafe partial class MultifrontalCholesky : ILinearSolver
{
    private readonly FrontKernels _kernels;
    private readonly NativeBuffer _factor;
    private readonly NativeBuffer _arena;

    /// <summary>In the order of elimination: what each pivot must exceed, then the vector being solved for.</summary>
    private readonly NativeBuffer _vectors;
    private readonly NativeBuffer _column;
    private readonly NativeBuffer _scratch = new(FrontKernels.ScratchLength);
    private bool _isFactored;

    /// <summary>Analyses a structure and makes room for its factor.</summary>
    /// <param name="structure">The structure.</param>
    public MultifrontalCholesky(BlockStructure structure)
        : this(SymbolicFactorization.Analyze(structure))
    {
    }

    /// <summary>Makes room for a factor.</summary>
    /// <param name="symbolic">What is known of the factor from the structure.</param>
    public MultifrontalCholesky(SymbolicFactorization symbolic)
        : this(symbolic, FrontKernels.Default)
    {
    }

    internal MultifrontalCholesky(SymbolicFactorization symbolic, FrontKernels kernels)
    {
        ArgumentNullException.ThrowIfNull(symbolic);
        Symbolic = symbolic;
        _kernels = kernels;
        _factor = new(symbolic.FactorLength);
        _arena = new(symbolic.ArenaLength);
        _vectors = new(2L * Structure.Dimension);
        _column = new(symbolic.LargestHeight);
    }

    /// <summary>What is known of the factor from the structure.</summary>
    public SymbolicFactorization Symbolic { get; }

    /// <inheritdoc/>
    public BlockStructure Structure => Symbolic.Structure;

    /// <inheritdoc/>
    public FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default)
    {
        Require.Structure(matrix, Structure);
        if (damping.Length > 0)
            Require.Length(damping.Length, Structure.Dimension, nameof(damping));
        _isFactored = false;
        fixed (double* values = matrix.Values, addition = damping)
            foreach (Front front in Symbolic.Fronts)
            {
                int failed = Factor(front, values, addition);
                if (failed >= 0)
                    return new(Symbolic.ScalarOrder[front.FirstPivot + failed]);
            }

        _isFactored = true;
        return FactorizationResult.Success;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factor.Dispose();
        _arena.Dispose();
        _vectors.Dispose();
        _column.Dispose();
        _scratch.Dispose();
    }

    private double* Panel(Front front) => _factor.Pointer + front.Panel;

    private double* Update(Front front) => _arena.Pointer + front.Update;

    /// <summary>Assembles and eliminates one front.</summary>
    /// <returns>−1, or the pivot that failed.</returns>
    private int Factor(Front front, double* values, double* damping)
    {
        double* panel = Panel(front), update = Update(front);
        NativeMemory.Clear(panel, (nuint)front.PanelLength * sizeof(double));
        ClearLower(update, front.Rows, front.PaddedRows);
        foreach (ref readonly Placement placement in front.Placements.AsSpan())
            Place(placement, values, panel, front.Height);
        double* least = _vectors.Pointer + front.FirstPivot;
        Damp(front, panel, damping, least);
        foreach (int child in front.Children)
            Assemble(Symbolic.Fronts[child], front, panel, update);
        int failed = _kernels.Eliminate(panel, front.Pivots, front.Height, least, _scratch.Pointer);
        if (failed < 0 && front.Rows > 0)
            _kernels.Downdate(
                panel + front.PaddedPivots, front.Height, update, front.PaddedRows,
                front.Rows, front.PaddedRows, front.Pivots, _scratch.Pointer);
        return failed;
    }

    /// <summary>Zeroes the lower triangle, and as much above it as the tiles that cross the diagonal touch.</summary>
    private static void ClearLower(double* update, int columns, int height)
    {
        for (int column = 0; column < columns; column += Tile<Rows8>.Columns)
            for (int c = column; c < Math.Min(columns, column + Tile<Rows8>.Columns); c++)
            {
                int top = column & -FrontKernels.Padding;
                new Span<double>(update + ((nint)c * height) + top, height - top).Clear();
            }
    }

    private static void Place(in Placement placement, double* values, double* panel, int height)
    {
        double* source = values + placement.Source, target = panel + placement.Target;
        for (int column = 0; column < placement.Columns; column++, source += placement.Rows)
            if (placement.IsTransposed)
                for (int row = 0; row < placement.Rows; row++)
                    target[column + ((nint)row * height)] = source[row];
            else
                for (int row = 0; row < placement.Rows; row++)
                    target[row + ((nint)column * height)] = source[row];
    }

    private void Damp(Front front, double* panel, double* damping, double* least)
    {
        ReadOnlySpan<int> order = Symbolic.ScalarOrder.AsSpan(front.FirstPivot, front.Pivots);
        for (int pivot = 0; pivot < order.Length; pivot++)
        {
            double* diagonal = panel + (pivot * ((nint)front.Height + 1));
            least[pivot] = Math.Max(0, FactorizationResult.PivotTolerance * *diagonal);
            if (damping != null)
                *diagonal += damping[order[pivot]];
        }
    }

    /// <summary>Adds a child's update matrix, its lower triangle, into the parent's panel and update matrix.</summary>
    private static void Add(ReadOnlySpan<Run> runs, double* source, double* target)
    {
        foreach (ref readonly Run run in runs)
            VectorKernels.Add(source + run.Source, target + run.Target, run.Length);
    }

    private void Assemble(Front child, Front front, double* panel, double* update)
    {
        ReadOnlySpan<Run> runs = child.ParentRuns;
        double* childUpdate = Update(child);
        int below = front.PaddedPivots;
        for (int k = 0; k < runs.Length; k++)
        {
            Run run = runs[k];
            for (int c = 0; c < run.Length; c++)
            {
                double* source = childUpdate + ((nint)(run.Source + c) * child.PaddedRows);
                int column = run.Target + c;
                double* target = column < front.Pivots
                    ? panel + ((nint)column * front.Height)
                    : update + ((nint)(column - below) * front.PaddedRows) - below;
                VectorKernels.Add(source + run.Source + c, target + column, run.Length - c);
                Add(runs[(k + 1)..], source, target);
            }
        }
    }
}
