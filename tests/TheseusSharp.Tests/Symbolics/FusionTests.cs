using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>Group operations that absorb one another: which calls are left, and that what others need stays.</summary>
public class FusionTests
{
    [Fact]
    public void A_chain_of_products_becomes_one_product() => Assert.Equal(
        ["SE3.Log", "SE3.Product(--++-+)"],
        CallsOf((SE3<Scalar> f, SE3<Scalar> p, SE3<Scalar> g, SE3<Scalar> q, SE3<Scalar> m) =>
            (m.Inverse() * (f.Inverse() * p).Inverse() * (f * g.Inverse() * q)).Log()));

    [Fact]
    public void An_action_of_a_product_becomes_actions_of_its_factors() => Assert.Equal(
        ["SE3.Act", "SE3.ActInverse"],
        CallsOf((SE3<Scalar> a, SE3<Scalar> b, Point3<Scalar> p) => a.Between(b).Act(p)));

    [Fact]
    public void A_product_that_is_needed_twice_stays() => Assert.Equal(
        ["SE3.Act", "SE3.Log", "SE3.Product(-+)"],
        CallsOf((SE3<Scalar> a, SE3<Scalar> b, Point3<Scalar> p) =>
        {
            SE3<Scalar> motion = a.Between(b);
            return motion.Log().Concat(motion.Act(p).ToVector());
        }));

    [Fact]
    public void A_product_whose_numbers_are_read_stays() => Assert.Equal(
        ["SE3.Log", "SE3.Product(++)", "SE3.Product(++)"],
        CallsOf((SE3<Scalar> a, SE3<Scalar> b, SE3<Scalar> c) =>
        {
            SE3<Scalar> product = a * b;
            return (product * c).Log() * product.Translation.X;
        }));

    /// <summary>
    /// A packed element has components that belong to other operations: they are not its own to fuse.
    /// </summary>
    [Fact]
    public void Numbers_packed_into_an_element_leave_alone_what_they_came_from()
    {
        Function function = Function.Compile((SO3<Scalar> a, SO3<Scalar> b, SO3<Scalar> c) =>
        {
            SO3<Scalar> ab = a * b, product = ab * c;
            Vector<Scalar> first = ab.ToQuaternionXyzw(), second = product.ToQuaternionXyzw();
            SO3<Scalar> turned = SO3<Scalar>.FromQuaternionXyzw(first[0], -first[1], first[2], first[3]);
            SO3<Scalar> mirrored = SO3<Scalar>.FromQuaternionXyzw(second[0], -second[1], -second[2], second[3]);
            return turned.Log().Concat(mirrored.Log()).Concat(ab.Log());
        });
        var sampler = new CostSampler(1, CostMode.Random, single: false);
        double[] Draw() => sampler.Element<SO3<Float64>>();
        FunctionCheck.Check(function, [[Draw(), Draw(), Draw()]]);
    }

    private static IEnumerable<string> CallsOf<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> lambda)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where TResult : IStorable<TResult, Scalar> => CallsOf(Function.Compile(lambda));

    private static IEnumerable<string> CallsOf<T1, T2, T3, T4, T5, TResult>(Func<T1, T2, T3, T4, T5, TResult> lambda)
        where T1 : IStorable<T1, Scalar>
        where T2 : IStorable<T2, Scalar>
        where T3 : IStorable<T3, Scalar>
        where T4 : IStorable<T4, Scalar>
        where T5 : IStorable<T5, Scalar>
        where TResult : IStorable<TResult, Scalar> => CallsOf(Function.Compile(lambda));

    /// <summary>The operations left after fusing, inputs apart, by name.</summary>
    private static IEnumerable<string> CallsOf(Function function)
    {
        Scalar[] roots = [.. function.Trace.Result];
        ExpressionGraph graph = GraphRewriter.Intern(function.Trace.Graph, roots);
        graph = GraphRewriter.Fuse(graph, roots);
        bool[] live = graph.Live(roots);
        return Enumerable.Range(0, graph.Count)
            .Where(i => live[i] && graph[i].Operation == Operation.Call)
            .Select(i => graph.CallOf(i).Operation)
            .Where(operation => operation is not GroupInput)
            .Select(operation => operation.Name)
            .Order(StringComparer.Ordinal);
    }
}
