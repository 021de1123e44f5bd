using TheseusSharp.Linear;

namespace TheseusSharp.Linearization;

/// <summary>H and g as they are summed: what cost functions contribute is added, one after the other.</summary>
/// <param name="hessian">The numbers of H.</param>
/// <param name="gradient">g.</param>
internal readonly unsafe struct NormalEquations(double* hessian, double* gradient)
{
    /// <summary>
    /// Asks for the numbers that some cost functions will be added to: no hardware foresees which blocks are next, but
    /// they come while a kernel computes.
    /// </summary>
    /// <param name="columns">Where contributions go.</param>
    /// <param name="start">The first cost function.</param>
    /// <param name="valid">How many there are.</param>
    public void Prefetch(CostColumns columns, int start, int valid)
    {
        if (!CacheLines.CanPrefetch)
            return;
        foreach (BlockTarget target in columns.Blocks)
            for (int cost = start; cost < start + valid; cost++)
                if (target[cost] is { IsThere: true, Start: var first })
                    CacheLines.Prefetch(hessian + first, target.Length * sizeof(double));
    }

    /// <summary>Adds what one cost function contributes.</summary>
    /// <param name="columns">Where its contributions go.</param>
    /// <param name="cost">Its place there.</param>
    /// <param name="row">What it contributes: its cost, gradient and blocks.</param>
    public void Add(CostColumns columns, int cost, double* row)
    {
        row++; // The cost.
        foreach (GradientTarget target in columns.Gradients)
        {
            if (target.Offsets[cost] >= 0)
                VectorKernels.Add(row, gradient + target.Offsets[cost], target.Length);
            row += target.Length;
        }

        foreach (BlockTarget target in columns.Blocks)
        {
            BlockPlace place = target[cost];
            if (place.IsThere)
                Accumulation.Add(row, hessian + place.Start, target.Rows, target.Columns, place.Placing);
            row += target.Length;
        }
    }
}
