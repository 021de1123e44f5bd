using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Costs;

/// <summary>
/// A prior: x should be at a target t, r = Log(t⁻¹∘x), translation first, then rotation. For vectors and points
/// r = x − t.
/// </summary>
/// <example><code>objective.Add(x, Difference.To(start), CostWeight.Scale(100));</code></example>
public static class Difference
{
    /// <summary>The residual.</summary>
    /// <typeparam name="TGroup">The group.</typeparam>
    /// <param name="x">The value.</param>
    /// <param name="target">t.</param>
    public static Vector<Scalar> Residual<TGroup>(TGroup x, TGroup target)
        where TGroup : struct, ILieGroup<TGroup, Scalar> => target.Local(x);

    /// <inheritdoc cref="Residual{TGroup}"/>
    public static Vector<Scalar> Residual(Vector<Scalar> x, Vector<Scalar> target) => target.Local(x);

    /// <summary>The residual for a known target.</summary>
    /// <typeparam name="TGroup">The group.</typeparam>
    /// <param name="target">t.</param>
    public static Func<TGroup, Vector<Scalar>> To<TGroup>(TGroup target)
        where TGroup : struct, ILieGroup<TGroup, Scalar> => x => Residual(x, target);

    /// <inheritdoc cref="To{TGroup}"/>
    public static Func<Vector<Scalar>, Vector<Scalar>> To(Vector<Scalar> target) => x => Residual(x, target);
}
