namespace TheseusSharp.Linear;

/// <summary>
/// Blocks of the inverse (H + D)⁻¹: all that the pattern of the factor has, so all diagonal blocks and those that H
/// stores; or those of some block rows only. With H the information of an estimate, they are its marginal covariances.
/// </summary>
/// <remarks>
/// It costs about two factorizations and as much memory as a factor; a solve for each column would cost the
/// dimension times two solves. Immutable, and good for any number of threads; dispose it to free its memory.
/// </remarks>
public sealed unsafe class SelectedInverse : IDisposable
{
    private readonly SymbolicFactorization _symbolic;
    private readonly BlockLocator _locator;
    private readonly NativeBuffer _panels;
    private readonly bool[] _isKnown;

    internal SelectedInverse(
        SymbolicFactorization symbolic, BlockLocator locator, NativeBuffer panels, bool[] isKnown)
    {
        _symbolic = symbolic;
        _locator = locator;
        _panels = panels;
        _isKnown = isKnown;
    }

    /// <summary>The structure of the matrix.</summary>
    public BlockStructure Structure => _symbolic.Structure;

    /// <summary>Whether a block was computed.</summary>
    /// <param name="i">A block row.</param>
    /// <param name="j">A block column.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block row or column.</exception>
    public bool Contains(int i, int j)
    {
        BlockLocator.Require(i, Structure, nameof(i));
        BlockLocator.Require(j, Structure, nameof(j));
        (int later, int earlier) = _locator.IsBefore(i, j) ? (j, i) : (i, j);
        return _isKnown[_locator.FrontOf(earlier)] && _locator.Find(later, earlier).Row >= 0;
    }

    /// <summary>Copies a block.</summary>
    /// <param name="i">A block row.</param>
    /// <param name="j">A block column.</param>
    /// <param name="block">Receives the block, column-major.</param>
    /// <exception cref="ArgumentException">
    /// The length is not that of the block, or the block was not computed: see <see cref="Contains"/>.
    /// </exception>
    public void CopyBlock(int i, int j, Span<double> block)
    {
        bool isTransposed = _locator.IsBefore(Checked(i, nameof(i)), Checked(j, nameof(j)));
        ReadOnlySpan<int> sizes = Structure.Sizes;
        Require.Length(block.Length, sizes[i] * sizes[j], nameof(block));
        (Front front, int first, int column) = isTransposed ? _locator.Find(j, i) : _locator.Find(i, j);
        if (first < 0 || !_isKnown[_locator.FrontOf(isTransposed ? i : j)])
            throw new ArgumentException(
                $"Block ({i}, {j}) of the inverse was not computed: the factor has no such block, or it was not " +
                "asked for. Solve for its columns instead.");
        double* source = _panels.Pointer + front.Panel + first + ((nint)column * front.Height);
        (nint down, nint right) = isTransposed ? (front.Height, (nint)1) : (1, front.Height);
        for (int c = 0; c < sizes[j]; c++)
            for (int r = 0; r < sizes[i]; r++)
                block[(c * sizes[i]) + r] = source[(r * down) + (c * right)];
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose() => _panels.Dispose();

    private int Checked(int block, string name)
    {
        BlockLocator.Require(block, Structure, name);
        return block;
    }
}
