using TheseusSharp.Tests.Oracles;
using Matrix = TheseusSharp.Geometry.Matrix<TheseusSharp.Tests.Oracles.DoubleDouble>;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Tests.Oracles.DoubleDouble>;

namespace TheseusSharp.Tests.Geometry;

// Every rule on its own: what double and single make of it, against double-double on the same inputs.
public abstract partial class LieGroupLaws
{
    private static readonly Dictionary<string, Func<GroupRules, Sample, Vector>> s_rules = new()
    {
        ["Compose"] = (g, s) => g.Compose(s.X, s.Y),
        ["Inverse"] = (g, s) => g.Inverse(s.X),
        ["Between"] = (g, s) => g.Between(s.X, s.Y),
        ["Normalize"] = (g, s) => g.Normalize(s.X),
        ["Exp"] = (g, s) => g.Exp(s.Tangent),
        ["Log"] = (g, s) => g.Log(s.X),
        ["Adjoint"] = (g, s) => Entries(g.Adjoint(s.X)),
        ["AdjointInverse"] = (g, s) => g.AdjointInverse(s.X, s.Cotangent),
        ["CoadjointInverse"] = (g, s) => g.CoadjointInverse(s.X, s.Cotangent),
        ["Act"] = (g, s) => g.Act(s.X, s.Point),
        ["ActInverse"] = (g, s) => g.ActInverse(s.X, s.Point),
        ["Rotate"] = (g, s) => g.Rotate(s.X, s.Point),
        ["RotateInverse"] = (g, s) => g.RotateInverse(s.X, s.Point),
        ["ActTangent"] = (g, s) => g.ActTangent(s.Cotangent, s.Point),
        ["ActCotangent"] = (g, s) => g.ActCotangent(s.Point, s.Point),
        ["RightJacobian"] = (g, s) => Entries(g.RightJacobian(s.Tangent)),
        ["RightJacobianInverse"] = (g, s) => Entries(g.RightJacobianInverse(s.Log)),
        ["LogJacobian"] = (g, s) => Entries(g.LogJacobian(s.X, s.Log)),
        ["LogCotangent"] = (g, s) => g.LogCotangent(s.X, s.Log, s.Cotangent),
        ["Hat"] = (g, s) => Entries(g.Hat(s.Tangent)),
        ["ToMatrix"] = (g, s) => Entries(g.ToMatrix(s.X)),
        ["Lift"] = (g, s) => g.Lift(s.X, s.Cotangent),
        ["Project"] = (g, s) => g.Project(s.X, s.Y),
        ["Unlift"] = (g, s) => g.Unlift(s.X, s.Y),
        ["StorageGradient"] = (g, s) => g.StorageGradient(s.X, s.Cotangent),
        ["MatrixGradient"] = (g, s) => Entries(g.MatrixGradient(s.X, s.Cotangent)),
    };

    public static TheoryData<string> RuleNames => [.. s_rules.Keys];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Rule_in_double_agrees_with_double_double(string rule) => AssertExact(rule, Precision.Double);

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Rule_in_single_agrees_with_double_double(string rule) => AssertExact(rule, Precision.Single);

    private void AssertExact(string rule, Precision precision)
    {
        var (g, samples) = _group.In(precision);
        Func<GroupRules, Sample, Vector> evaluate = s_rules[rule];
        foreach (Sample s in Samples(g, samples))
        {
            // An angle of many turns is reduced with as many rounding errors.
            double turns = rule is "Exp" or "RightJacobian" ? Size(s.Tangent) : 0;
            Vector expected = evaluate(Exact, s);
            AssertNear(g, 16, expected, evaluate(g, s), 1 + Size(expected) + turns);
        }
    }

    private static IEnumerable<Sample> Samples(GroupRules g, GroupSamples samples) =>
        samples.Triples().Select((s, k) => new Sample(
            s.A,
            s.B,
            samples.Tangents[k % samples.Tangents.Count],
            g.Log(s.A),
            samples.Uniform(g.TangentLength, k),
            samples.Uniform(g.PointLength, k)));

    private readonly record struct Sample(
        Vector X, Vector Y, Vector Tangent, Vector Log, Vector Cotangent, Vector Point);
}
