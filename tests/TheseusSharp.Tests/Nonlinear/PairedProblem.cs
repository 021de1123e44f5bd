using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>One problem told twice: to the library, and to the dense solver.</summary>
internal sealed class PairedProblem
{
    private readonly List<Variable> _variables = [];
    private readonly List<Variable> _held = [];

    public Objective Objective { get; } = new();

    public Values Initial { get; } = new();

    public DenseSolver Dense { get; } = new();

    /// <summary>Adds a variable to both.</summary>
    public Variable<T> Add<T>(Variable<T> variable, double[] initial, bool isHeld = false)
        where T : IStorable<T, Scalar>
    {
        _variables.Add(variable);
        Initial.Set(variable, initial);
        Dense.AddVariable(variable.Kind, initial, isHeld);
        if (isHeld)
            _held.Add(variable);
        return variable;
    }

    /// <summary>The dense solver's number of a variable.</summary>
    public int NumberOf(Variable variable) => _variables.IndexOf(variable);

    /// <summary>A measured motion between two variables.</summary>
    public void AddBetween<TGroup, TExact>(
        Variable<TGroup> a, Variable<TGroup> b, double[] measurement, double[] weights, RobustLoss? loss = null,
        Func<DoubleDouble, DoubleDouble>? rho = null)
        where TGroup : struct, ILieGroup<TGroup, Scalar>
        where TExact : struct, ILieGroup<TExact, DoubleDouble>
    {
        var m = TGroup.FromStorage(Array.ConvertAll(measurement, x => (Scalar)x));
        Objective.Add(a, b, Between.Measured(m), CostWeight.Diagonal(weights), loss);
        DoubleDouble[] Residual(DoubleDouble[][] x)
        {
            var tangent = new DoubleDouble[TExact.TangentLength];
            TExact.LogRule(
                TExact.BetweenRule(
                    TExact.FromStorage(Exact.Of(measurement)),
                    TExact.BetweenRule(TExact.FromStorage(x[0]), TExact.FromStorage(x[1]))),
                tangent);
            return [.. tangent.Zip(weights, (entry, weight) => weight * entry)];
        }

        Dense.Terms.Add(new([NumberOf(a), NumberOf(b)], Residual, rho));
    }

    public Problem Compile() => Objective.Compile(new() { Held = _held });

    /// <summary>Solves both; asserts the same cost to 1e-9 and the same values to 1e-6.</summary>
    public SolveResult AssertSame(Optimizer optimizer, SolveOptions options)
    {
        SolveResult result = optimizer.Solve(Compile(), Initial, options);
        double cost = Dense.Solve();
        Assert.True(result.IsUsable, result.First.Message);
        Assert.InRange(result.First.FinalCost, cost * (1 - 1e-9), cost * (1 + 1e-9));
        for (int k = 0; k < _variables.Count; k++)
            AssertNear(Dense.ValueOf(k), Numbers.Of(result.Values, _variables[k]), 1e-6);
        return result;
    }

    public static void AssertNear(double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int k = 0; k < expected.Length; k++)
            Assert.InRange(found[k], expected[k] - tolerance, expected[k] + tolerance);
    }
}
