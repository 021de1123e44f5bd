using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Modelling;

/// <summary>Cost functions that differ in code never share a group, however alike they are.</summary>
public class SeparationTests
{
    private static readonly Variable<Scalar> s_a = Variable.Scalar("a");
    private static readonly Variable<Scalar> s_b = Variable.Scalar("b");
    private static readonly Variable<Vector<Scalar>> s_v = Variable.Vector("v", 2);
    private static readonly Variable<Vector<Scalar>> s_w = Variable.Vector("w", 3);
    private static readonly Variable<SE3<Scalar>> s_p = Variable.SE3("p");
    private static readonly Variable<SE3<Scalar>> s_q = Variable.SE3("q");
    private static readonly Variable<SO3<Scalar>> s_r = Variable.SO3("r");
    private static readonly Variable<SO2<Scalar>> s_s = Variable.SO2("s");
    private static readonly double[] s_two = [2, 3];

    private static readonly Dictionary<string, (Action<Objective> One, Action<Objective> Other)> s_pairs = new()
    {
        ["another operation"] = (o => o.Add(s_a, a => a + 1), o => o.Add(s_a, a => a - 1)),
        ["another order"] = (o => o.Add(s_a, a => a - 1), o => o.Add(s_a, a => 1 - a)),
        ["another order of a sum"] = (o => o.Add(s_a, a => a + 1), o => o.Add(s_a, a => 1 + a)),
        ["a product with 1"] = (o => o.Add(s_a, a => a), o => o.Add(s_a, a => 1 * a)),
        ["a number in place of the variable"] = (o => o.Add(s_a, a => a * a), o => o.Add(s_a, a => a * 2)),
        ["another function"] = (o => o.Add(s_a, Scalar.Sin), o => o.Add(s_a, Scalar.Cos)),
        ["another comparison"] = (
            o => o.Add(s_a, a => Scalar.Where(a < 1, a, 2)), o => o.Add(s_a, a => Scalar.Where(a <= 1, a, 2))),
        ["swapped arguments"] = (o => o.Add(s_a, s_b, (a, b) => a - b), o => o.Add(s_a, s_b, (a, b) => b - a)),
        ["swapped group elements"] = (
            o => o.Add(s_p, s_q, (p, q) => p.Between(q).Log()), o => o.Add(s_p, s_q, (p, q) => q.Between(p).Log())),
        ["another group operation"] = (
            o => o.Add(s_p, s_q, (p, q) => (p * q).Log()), o => o.Add(s_p, s_q, (p, q) => p.Between(q).Log())),
        ["another group"] = (o => o.Add(s_r, r => r.Log()), o => o.Add(s_s, s => s.Log())),
        ["swapped entries"] = (
            o => o.Add(s_v, v => new Vector<Scalar>(v[0], v[1])), o => o.Add(s_v, v => new Vector<Scalar>(v[1], v[0]))),
        ["an entry more"] = (o => o.Add(s_v, v => v[0]), o => o.Add(s_v, v => new Vector<Scalar>(v[0], v[0]))),
        ["another length"] = (o => o.Add(s_v, v => v[0]), o => o.Add(s_w, w => w[0])),
        ["an argument more"] = (o => o.Add(s_a, a => a), o => o.Add(s_a, s_b, (a, _) => a)),
        ["the other argument"] = (o => o.Add(s_a, s_b, (a, _) => a), o => o.Add(s_a, s_b, (_, b) => b)),
        ["data in place of variables"] = (
            o => o.AddColumns(Column.Shared(s_a), Column.Of([s_b, s_b]), (a, b) => a - b),
            o => o.AddColumns(Column.Shared(s_a), Column.Data<Scalar>(s_two), (a, b) => a - b)),
        ["a number in place of data"] = (
            o => o.AddColumns(Column.Shared(s_a), Column.Data<Scalar>(s_two), (a, b) => a - b),
            o => o.Add(s_a, a => a - 2)),
        ["a loss"] = (o => o.Add(s_a, a => a), o => o.Add(s_a, a => a, loss: RobustLoss.Huber(1))),
        ["another loss"] = (
            o => o.Add(s_a, a => a, loss: RobustLoss.Welsch(1)), o => o.Add(s_a, a => a, loss: RobustLoss.Huber(1))),
        ["a radius that is a variable"] = (
            o => o.Add(s_a, a => a, loss: RobustLoss.Welsch(1)), o => o.Add(s_a, a => a, loss: RobustLoss.Welsch(s_b))),
        ["a weight"] = (o => o.Add(s_v, v => v), o => o.Add(s_v, v => v, CostWeight.Scale(1))),
        ["a matrix for a diagonal"] = (
            o => o.Add(s_v, v => v, CostWeight.Diagonal(1, 1)),
            o => o.Add(s_v, v => v, CostWeight.SquareRootInformation(1, 0, 0, 1))),
        ["a column for a number"] = (
            o => o.Add(s_a, a => a, CostWeight.Scale(2)),
            o => o.AddColumns(Column.Of([s_a, s_b]), a => a, CostWeight.ScaleColumn(s_two))),
        ["a variable for a number"] = (
            o => o.Add(s_a, a => a, CostWeight.Scale(2)), o => o.Add(s_a, a => a, CostWeight.Scale(s_b))),
    };

    public static TheoryData<string> Names() => [.. s_pairs.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Never_merges_with(string what)
    {
        (Action<Objective> one, Action<Objective> other) = s_pairs[what];
        Assert.Equal(2, GroupsOf(one, other));
        Assert.Equal(1, GroupsOf(one, one));
        Assert.Equal(1, GroupsOf(other, other));
        Assert.Equal(2, GroupsOf(other, one, other, one));
    }

    [Fact]
    public void Equal_hashes_do_not_merge()
    {
        // The hash leaves out what a call's operands are, so these two have one hash: equality must decide.
        var objective = new Objective();
        objective.Add(s_p, s_q, (p, q) => p.Between(q).Log());
        objective.Add(s_p, s_q, (p, q) => q.Between(p).Log());

        Assert.Equal(2, objective.GroupCount);
        Assert.Single(objective.Groups.Select(group => group.Trace.StructuralHash).Distinct());
    }

    [Fact]
    public void Names_and_variables_do_not_separate()
    {
        var objective = new Objective();
        objective.Add(s_a, a => Scalar.Sin(a) * 3, name: "one");
        objective.Add(s_b, x => Scalar.Sin(x) * 4);
        objective.Add(Variable.Scalar("c", VariableRole.Constant), Elsewhere);

        Assert.Equal(1, objective.GroupCount);

        static Scalar Elsewhere(Scalar y) => Scalar.Sin(y) * 5;
    }

    private static int GroupsOf(params Action<Objective>[] additions)
    {
        var objective = new Objective();
        foreach (Action<Objective> add in additions)
            add(objective);
        return objective.GroupCount;
    }
}
