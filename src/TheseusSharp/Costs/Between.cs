using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Costs;

/// <summary>
/// A measurement m of where b is as seen from a: r = Log(m⁻¹∘a⁻¹∘b), translation first, then rotation. For vectors and
/// points r = (b − a) − m.
/// </summary>
/// <example>
/// <code>
/// objective.Add(a, b, Between.Measured&lt;SE2&lt;Scalar&gt;&gt;(motion), CostWeight.Diagonal(20, 20, 50));
/// objective.Add(a, b, m, Between.Residual); // m is a variable, which can be learned
/// </code>
/// </example>
public static class Between
{
    /// <summary>The residual.</summary>
    /// <typeparam name="TGroup">The group.</typeparam>
    /// <param name="a">From where.</param>
    /// <param name="b">What is seen.</param>
    /// <param name="measurement">m.</param>
    public static Vector<Scalar> Residual<TGroup>(TGroup a, TGroup b, TGroup measurement)
        where TGroup : struct, ILieGroup<TGroup, Scalar> => measurement.Local(a.Between(b));

    /// <inheritdoc cref="Residual{TGroup}"/>
    public static Vector<Scalar> Residual(Vector<Scalar> a, Vector<Scalar> b, Vector<Scalar> measurement) =>
        measurement.Local(a.Between(b));

    /// <summary>The residual for a known measurement.</summary>
    /// <typeparam name="TGroup">The group.</typeparam>
    /// <param name="measurement">m.</param>
    public static Func<TGroup, TGroup, Vector<Scalar>> Measured<TGroup>(TGroup measurement)
        where TGroup : struct, ILieGroup<TGroup, Scalar> => (a, b) => Residual(a, b, measurement);

    /// <inheritdoc cref="Measured{TGroup}"/>
    public static Func<Vector<Scalar>, Vector<Scalar>, Vector<Scalar>> Measured(Vector<Scalar> measurement) =>
        (a, b) => Residual(a, b, measurement);
}
