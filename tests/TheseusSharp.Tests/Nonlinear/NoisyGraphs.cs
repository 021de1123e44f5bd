using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>Random chains of group elements with loop closures, noise, outliers; the first element held.</summary>
internal static class NoisyGraphs
{
    /// <param name="count">How many elements, named x0, x1, ….</param>
    /// <param name="seed">Of all that is random.</param>
    /// <param name="outliers">How many loop closures measure nonsense.</param>
    /// <param name="loss">The library's loss.</param>
    /// <param name="rho">The same, for the dense solver.</param>
    /// <param name="noise">How large measurement errors are.</param>
    public static PairedProblem Create<TGroup, TExact>(
        int count, int seed, int outliers = 0, RobustLoss? loss = null, Func<DoubleDouble, DoubleDouble>? rho = null,
        double noise = 0.05)
        where TGroup : struct, ILieGroup<TGroup, Scalar>
        where TExact : struct, ILieGroup<TExact, DoubleDouble>
    {
        var random = new Random(seed);
        var pair = new PairedProblem();
        TExact Motion(double size)
        {
            var tangent = new DoubleDouble[TExact.TangentLength];
            for (int k = 0; k < tangent.Length; k++)
                tangent[k] = size * ((2 * random.NextDouble()) - 1);
            return TExact.ExpRule(tangent);
        }

        var truth = new TExact[count];
        var variables = new Variable<TGroup>[count];
        for (int k = 0; k < count; k++)
        {
            truth[k] = k == 0 ? Motion(1) : TExact.ComposeRule(truth[k - 1], Motion(0.8));
            variables[k] = pair.Add(
                Variable.Of<TGroup>($"x{k}"), Storage(TExact.ComposeRule(truth[k], Motion(k == 0 ? 0 : 0.1))),
                isHeld: k == 0);
        }

        double[] weights = [.. Enumerable.Range(1, TExact.TangentLength).Select(k => 1 + (0.5 * k))];
        void Measure(int a, int b, TExact error) => pair.AddBetween<TGroup, TExact>(
            variables[a], variables[b],
            Storage(TExact.ComposeRule(TExact.BetweenRule(truth[a], truth[b]), error)), weights, loss, rho);

        for (int k = 1; k < count; k++)
            Measure(k - 1, k, Motion(noise));
        for (int k = 3; k < count; k += 2)
            Measure(k, k - 3, Motion(noise));
        for (int k = 0; k < outliers; k++)
            Measure(k, count - 1 - k, Motion(1.5));
        return pair;
    }

    private static double[] Storage<TExact>(TExact x)
        where TExact : struct, ILieGroup<TExact, DoubleDouble>
    {
        var storage = new DoubleDouble[TExact.StorageLength];
        x.CopyTo(storage);
        return Array.ConvertAll(storage, entry => (double)entry);
    }
}
