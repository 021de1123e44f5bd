namespace TheseusSharp.Kernels;

/// <content>Lanes that are elements of a batch: nothing to gather, one value at a time.</content>
internal sealed unsafe partial class KindKernels
{
    /// <summary>target ← x∘Exp(δ), value after value, each in as many lanes as a block has.</summary>
    /// <param name="values">The values x: number after number, lane after lane.</param>
    /// <param name="tangents">All tangents, the same.</param>
    /// <param name="offsets">Where in them each value's δ begins, in one lane.</param>
    /// <param name="target">Receives the results; may be the values themselves.</param>
    /// <param name="count">How many values.</param>
    /// <param name="workspace">Memory.</param>
    public void RetractAcross(
        double* values, double* tangents, int* offsets, double* target, int count, Workspace<double> workspace)
    {
        int stored = _kind.StorageLength * Lanes, tangent = _kind.TangentLength * Lanes;
        for (int k = 0; k < count; k++, values += stored, target += stored)
        {
            Copy(values, workspace.Gathered, stored);
            Copy(tangents + ((nint)offsets[k] * Lanes), workspace.Gathered + stored, tangent);
            _retract.Run(workspace.Gathered, null, workspace.Outputs, workspace.Scratch);
            Copy(workspace.Outputs, target, stored);
        }
    }

    private static void Copy(double* from, double* to, int length) =>
        new ReadOnlySpan<double>(from, length).CopyTo(new(to, length));
}
