namespace TheseusSharp.Linear;

/// <summary>
/// The fronts, in postorder (with blocks held back, their fronts after all others), and the lists that they refer to.
/// </summary>
/// <param name="Order">The blocks in the order of elimination.</param>
/// <param name="Fronts">The fronts.</param>
/// <param name="Children">For <see cref="Front.Children"/>.</param>
/// <param name="Placements">For <see cref="Front.Placements"/> and <see cref="Front.Transposed"/>.</param>
/// <param name="RowRuns">For <see cref="Front.RowRuns"/>.</param>
/// <param name="ParentRuns">For <see cref="Front.PivotRuns"/> and <see cref="Front.UpdateRuns"/>.</param>
internal sealed record FrontTree(
    int[] Order, Front[] Fronts, int[] Children, Placement[] Placements, Run[] RowRuns, Run[] ParentRuns);
