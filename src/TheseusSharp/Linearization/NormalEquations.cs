using TheseusSharp.Linear;

namespace TheseusSharp.Linearization;

/// <summary>H and g as they are summed: what cost functions contribute is added, one after the other.</summary>
/// <param name="hessian">The numbers of H.</param>
/// <param name="gradient">g.</param>
internal readonly unsafe struct NormalEquations(double* hessian, double* gradient)
{
    /// <summary>Adds what one cost function contributes.</summary>
    /// <param name="columns">Where its contributions go.</param>
    /// <param name="cost">Its place there.</param>
    /// <param name="row">What it contributes: see <see cref="CostEvaluator.Rows"/>.</param>
    public void Add(GroupColumns columns, int cost, double* row)
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
            if (target.TryGet(cost, out int start, out Placing placing))
                Accumulation.Add(row, hessian + start, target.Rows, target.Columns, placing);
            row += target.Rows * target.Columns;
        }
    }
}
