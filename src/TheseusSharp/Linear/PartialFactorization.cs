namespace TheseusSharp.Linear;

/// <summary>
/// Eliminates all blocks but some, which leaves their Schur complement S = Hₖₖ − Hₖₑ·Hₑₑ⁻¹·Hₑₖ: the information that
/// remains on the kept blocks when the others are marginalised out. Allocates only when constructed. Not for use by
/// several threads at once.
/// </summary>
/// <remarks>
/// To solve (H + D)·x = b with a solver of one's own for S: <see cref="Factor"/>, <see cref="CopySchurComplement"/>,
/// <see cref="Reduce"/> to the right-hand side of S, solve, <see cref="Complete"/>.
/// </remarks>
public sealed class PartialFactorization : IDisposable
{
    private readonly MultifrontalCholesky _solver;
    private readonly int[] _kept;

    /// <summary>
    /// For each kept scalar as the user orders them, its place among the kept as they are eliminated.
    /// </summary>
    private readonly int[] _places;

    /// <summary>What forward substitution gave, in the order of elimination.</summary>
    private readonly double[] _forward;
    private bool _isFactored;
    private bool _isReduced;

    /// <summary>Analyses a structure and makes room for a factor and a Schur complement.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="order">
    /// The blocks in the order in which to eliminate them; those that are kept come last, in the order that the Schur
    /// complement shall have.
    /// </param>
    /// <param name="kept">How many blocks are kept, at least 1.</param>
    /// <exception cref="ArgumentException">The order is not a permutation of the blocks.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many blocks.</exception>
    public PartialFactorization(BlockStructure structure, ReadOnlySpan<int> order, int kept)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (kept < 1 || kept > structure.Count)
            throw new ArgumentOutOfRangeException(
                nameof(kept), kept, $"At least 1 and at most all {structure.Count} blocks can be kept.");
        Require.Length(order.Length, structure.Count, nameof(order));
        _kept = order[^kept..].ToArray();
        _solver = new(PartialFronts.Cut(
            SymbolicFactorization.Analyze(structure, order), LastBlocks.Mark(structure.Count, _kept)));
        _places = Places(_solver.Symbolic);
        _forward = new double[structure.Dimension];
    }

    /// <summary>Analyses a structure, what is eliminated being ordered automatically.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="kept">
    /// The blocks that are kept, at least one, in the order that the Schur complement shall have.
    /// </param>
    /// <exception cref="ArgumentException">A block is not there, or named twice, or none is.</exception>
    public PartialFactorization(BlockStructure structure, params ReadOnlySpan<int> kept)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (kept.IsEmpty)
            throw new ArgumentException("At least one block must be kept; none is.", nameof(kept));
        _kept = kept.ToArray();
        SymbolicFactorization whole = SymbolicFactorization.Analyze(structure, new OrderingOptions { Last = _kept });
        _solver = new(PartialFronts.Cut(whole, LastBlocks.Mark(structure.Count, _kept)));
        _places = Places(_solver.Symbolic);
        _forward = new double[structure.Dimension];
    }

    /// <summary>The structure of the matrices.</summary>
    public BlockStructure Structure => _solver.Structure;

    /// <summary>The blocks that are kept, in the order of the Schur complement.</summary>
    public ReadOnlySpan<int> Kept => _kept;

    /// <summary>How many scalar rows the Schur complement has.</summary>
    public int KeptDimension => _places.Length;

    /// <summary>The part of the forward substitution that belongs to the kept blocks.</summary>
    private Span<double> Last => _forward.AsSpan(_forward.Length - KeptDimension);

    /// <summary>Eliminates the other blocks of H + D.</summary>
    /// <param name="matrix">H, of this structure.</param>
    /// <param name="damping">The diagonal of D, or empty for none.</param>
    /// <returns>Success, or the row where the eliminated part is not positive definite.</returns>
    /// <exception cref="ArgumentException">The structure or the length of the damping does not fit.</exception>
    public FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default)
    {
        _isFactored = _isReduced = false;
        FactorizationResult result = _solver.FactorButLast(matrix, damping);
        _isFactored = result.Succeeded;
        return result;
    }

    /// <summary>Copies the Schur complement of the kept blocks.</summary>
    /// <param name="complement">Receives the symmetric matrix, both triangles.</param>
    /// <exception cref="ArgumentException">The length is not the square of <see cref="KeptDimension"/>.</exception>
    /// <exception cref="InvalidOperationException">There is no factor.</exception>
    public void CopySchurComplement(Span<double> complement)
    {
        Require.Factored(_isFactored);
        int n = KeptDimension;
        Require.Length(complement.Length, checked(n * n), nameof(complement));
        for (int row = 0; row < n; row++)
            for (int column = 0; column <= row; column++)
            {
                (int a, int b) = (_places[row], _places[column]);
                double entry = _solver.SchurEntry(Math.Max(a, b), Math.Min(a, b));
                complement[(row * n) + column] = complement[(column * n) + row] = entry;
            }
    }

    /// <summary>Forward substitution: bₖ − Hₖₑ·Hₑₑ⁻¹·bₑ, the right-hand side that goes with S.</summary>
    /// <param name="b">The right-hand side of H.</param>
    /// <param name="reduced">Receives that of S.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="InvalidOperationException">There is no factor.</exception>
    public void Reduce(ReadOnlySpan<double> b, Span<double> reduced)
    {
        Require.Factored(_isFactored);
        Require.Length(b.Length, Structure.Dimension, nameof(b));
        Require.Length(reduced.Length, KeptDimension, nameof(reduced));
        _solver.SolveForwardButLast(b, _forward);
        for (int k = 0; k < reduced.Length; k++)
            reduced[k] = Last[_places[k]];
        _isReduced = true;
    }

    /// <summary>
    /// Backward substitution, for the right-hand side of the last <see cref="Reduce"/>; it may be called repeatedly.
    /// </summary>
    /// <param name="kept">The solution on the kept blocks.</param>
    /// <param name="x">Receives the whole solution.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="InvalidOperationException">There is no factor, or no reduced right-hand side.</exception>
    public void Complete(ReadOnlySpan<double> kept, Span<double> x)
    {
        Require.Factored(_isFactored);
        Require.Length(kept.Length, KeptDimension, nameof(kept));
        Require.Length(x.Length, Structure.Dimension, nameof(x));
        if (!_isReduced)
            throw new InvalidOperationException(
                "There is no right-hand side to complete the solution of: call Reduce first.");
        for (int k = 0; k < kept.Length; k++)
            Last[_places[k]] = kept[k];
        _solver.SolveBackwardButLast(_forward, x);
    }

    /// <inheritdoc/>
    public void Dispose() => _solver.Dispose();

    private int[] Places(SymbolicFactorization symbolic)
    {
        BlockStructure structure = symbolic.Structure;
        int[] first = new int[structure.Count];
        int place = 0;
        foreach (int block in symbolic.Order[^_kept.Length..])
        {
            first[block] = place;
            place += structure.Sizes[block];
        }

        int[] places = new int[place];
        int done = 0;
        foreach (int block in _kept)
            for (int k = 0; k < structure.Sizes[block]; k++)
                places[done++] = first[block] + k;
        return places;
    }
}
