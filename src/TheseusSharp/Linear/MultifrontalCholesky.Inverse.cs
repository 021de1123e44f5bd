using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <content>Blocks of the factor, and of the inverse.</content>
public sealed unsafe partial class MultifrontalCholesky
{
    private BlockLocator? _locator;

    private BlockLocator Locator => _locator ??= new(Symbolic);

    /// <summary>Copies a block of the Cholesky factor L of the last factorization, P·(H + D)·Pᵀ = L·Lᵀ.</summary>
    /// <param name="i">The block row, as the structure numbers it.</param>
    /// <param name="j">The block column, likewise.</param>
    /// <param name="block">Receives the block, column-major; zeros where the factor has none.</param>
    /// <exception cref="ArgumentException">The length is not that of the block.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block row or column.</exception>
    /// <exception cref="InvalidOperationException">There is no factor.</exception>
    public void CopyFactorBlock(int i, int j, Span<double> block)
    {
        BlockLocator.Require(i, Structure, nameof(i));
        BlockLocator.Require(j, Structure, nameof(j));
        Require.Length(block.Length, Structure.Sizes[i] * Structure.Sizes[j], nameof(block));
        Require.Factored(_isFactored);
        block.Clear();
        if (Locator.IsBefore(i, j))
            return;
        (Front front, int first, int column) = Locator.Find(i, j);
        if (first < 0)
            return;
        int rows = Structure.Sizes[i];
        double* source = _factor.Panel(front) + first + ((nint)column * front.Height);
        for (int c = 0; c < Structure.Sizes[j]; c++, source += front.Height)
            for (int r = i == j ? c : 0; r < rows; r++)
                block[(c * rows) + r] = i == j && r == c ? 1 / source[r] : source[r];
        GC.KeepAlive(this);
    }

    /// <summary>
    /// Computes the blocks of (H + D)⁻¹ that the factor's pattern has (which includes those that H stores).
    /// </summary>
    /// <returns>The blocks, in memory of their own.</returns>
    /// <exception cref="InvalidOperationException">
    /// There is no factor: none was made yet, or the last one failed.
    /// </exception>
    public SelectedInverse InvertSelected()
    {
        bool[] all = new bool[Symbolic.FrontCount];
        all.AsSpan().Fill(true);
        return InvertFronts(all);
    }

    /// <summary>
    /// Computes blocks of (H + D)⁻¹ in some block columns and what these depend on: cheaper the fewer there are, and
    /// the later they are eliminated.
    /// </summary>
    /// <param name="blocks">Block columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block column.</exception>
    /// <inheritdoc cref="InvertSelected()"/>
    public SelectedInverse InvertSelected(ReadOnlySpan<int> blocks)
    {
        bool[] wanted = new bool[Symbolic.FrontCount];
        foreach (int block in blocks)
        {
            BlockLocator.Require(block, Structure, nameof(blocks));
            for (int f = Locator.FrontOf(block); f >= 0 && !wanted[f]; f = Symbolic.Tree.Fronts[f].Parent)
                wanted[f] = true;
        }

        return InvertFronts(wanted);
    }

    /// <summary>
    /// From the roots down. The arena serves as it did on the way up: a front finds in its place the inverse on its
    /// rows below the pivots, and leaves its children theirs.
    /// </summary>
    private SelectedInverse InvertFronts(bool[] wanted)
    {
        Require.Factored(_isFactored);
        ReadOnlySpan<Front> fronts = _factor.Fronts;
        long largest = 0;
        for (int f = 0; f < fronts.Length; f++)
            if (wanted[f])
                largest = Math.Max(largest, (long)fronts[f].Height * fronts[f].Height);
        var panels = new NativeBuffer(Symbolic.FactorLength);
        using var work = new NativeBuffer(largest);
        for (int f = fronts.Length - 1; f >= 0; f--)
            if (wanted[f])
                InvertFront(fronts[f], wanted, work.Pointer, panels.Pointer);
        GC.KeepAlive(this);
        return new(Symbolic, Locator, panels, wanted);
    }

    private void InvertFront(Front front, bool[] wanted, double* inverse, double* panels)
    {
        int n = front.Pivots, height = front.Height;
        double* known = _factor.Arena + front.Update;
        for (int column = 0; column < front.Rows; column++)
            Copy(
                known + ((nint)column * front.UpdateHeight), inverse + ((nint)(n + column) * height) + n, front.Rows);
        _panelKernels.Invert(_factor.Panel(front), n, n + front.Rows, height, inverse);
        for (int column = 0; column < n; column++)
            Copy(inverse + ((nint)column * height), panels + front.Panel + ((nint)column * height), n + front.Rows);
        for (int k = front.Children.Start; k < front.Children.End; k++)
            if (wanted[Symbolic.Tree.Children[k]])
                LeaveToChild(_factor.Child(k), inverse, height);
    }

    /// <summary>The inverse on the rows of a child: a part of that on its parent's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LeaveToChild(Front child, double* inverse, nint height)
    {
        Run[] runs = Symbolic.Tree.ParentRuns;
        int first = child.PivotRuns.Start, end = child.UpdateRuns.End;
        double* origin = _factor.Arena + child.Update;
        for (int k = first; k < end; k++)
            for (int c = 0; c < runs[k].Length; c++)
            {
                double* source = inverse + ((runs[k].Target + c) * height);
                double* target = origin + ((nint)(runs[k].Source + c - child.Pivots) * child.UpdateHeight);
                for (int below = first; below < end; below++)
                    Copy(source + runs[below].Target, target + runs[below].Source - child.Pivots, runs[below].Length);
            }
    }
}
