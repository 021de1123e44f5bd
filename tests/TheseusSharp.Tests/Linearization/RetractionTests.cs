using System.Runtime.InteropServices;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Linearization;

/// <summary>x∘Exp(δ) of every kind and any number of variables, and the way back to the manifold.</summary>
public class RetractionTests
{
    private readonly Random _random = new(21);

    public static TheoryData<int, KernelBackend> Counts()
    {
        var counts = new TheoryData<int, KernelBackend>();
        for (int count = 1; count <= 17; count++)
            counts.Add(count, KernelBackend.Automatic);
        counts.Add(3, KernelBackend.Interpreter);
        return counts;
    }

    [Theory, MemberData(nameof(Counts))]
    public void Every_kind_moves_by_its_own_step(int count, KernelBackend backend)
    {
        Check(count, backend, Variable.Point2, Point2<Float64>.Random, static (x, by) => x.Retract(by));
        Check(count, backend, Variable.Point3, Point3<Float64>.Random, static (x, by) => x.Retract(by));
        Check(count, backend, Variable.SO2, SO2<Float64>.Random, static (x, by) => x.Retract(by));
        Check(count, backend, Variable.SE2, SE2<Float64>.Random, static (x, by) => x.Retract(by));
        Check(count, backend, Variable.SO3, SO3<Float64>.Random, static (x, by) => x.Retract(by));
        Check(count, backend, Variable.SE3, SE3<Float64>.Random, static (x, by) => x.Retract(by));
        Check(
            count, backend, (name, role) => Variable.Vector(name, 5, role), random => Vector<Float64>.Random(5, random),
            static (x, by) => x.Retract(by));
    }

    [Fact]
    public void Kinds_in_any_mixture_find_their_coordinates()
    {
        var objective = new Objective();
        var variables = new List<Variable>();
        for (int k = 0; k < 9; k++)
        {
            Variable<SE3<Scalar>> pose = Variable.SE3($"pose{k}");
            Variable<Point2<Scalar>> point = Variable.Point2($"point{k}");
            objective.Add(point, pose, (point, pose) => pose.Log() * point.X);
            variables.AddRange(k % 3 == 0 ? [pose] : k % 3 == 1 ? [point] : []);
        }

        Problem problem = objective.Compile(new() { Held = variables });
        var values = new Values();
        foreach (Variable variable in problem.Variables)
            if (variable is Variable<SE3<Scalar>>)
                values.Set(variable, SE3<Float64>.Random(_random));
            else
                values.Set(variable, Point2<Float64>.Random(_random));

        Moved moved = Move(problem, values, CompilerOptions.Default);

        int offset = 0;
        foreach (Variable variable in problem.Variables)
        {
            int length = problem.IsOptimized(variable) ? variable.Kind.TangentLength : 0;
            Vector<Float64> step = length == 0 ? Vector<Float64>.Zero(variable.Kind.TangentLength)
                : new([.. moved.Step[offset..(offset + length)].Select(x => (Float64)x)]);
            double[] expected = variable is Variable<SE3<Scalar>>
                ? Storage(values.Get<SE3<Float64>>(variable).Retract(step))
                : Storage(values.Get<Point2<Float64>>(variable).Retract(step));
            Near(expected, moved.Of(variable), length == 0 ? 1e-15 : 4e-15);
            offset += length;
        }
    }

    [Fact]
    public void Drifted_values_come_back_to_the_nearest()
    {
        Variable<SE3<Scalar>> pose = Variable.SE3("pose"), held = Variable.SE3("held", VariableRole.Constant);
        var heading = Variable.SO2("heading");
        var objective = new Objective();
        objective.Add(pose, held, heading, (a, b, c) => a.Between(b).Log() * c.Log()[0]);
        Problem problem = objective.Compile();
        var state = new SolverState(problem);
        new[] { 1, 2, 3, 0, 0, 1.5, 2 }.CopyTo(state.Of(0));
        new double[] { 3, 4 }.CopyTo(state.Of(1));
        new[] { 0, 0, 0, -0.1, 0, 0, 0 }.CopyTo(state.Of(2));
        var target = new SolverState(problem);

        new Normalizer(LinearizationPlan.Of(problem)).Normalize(state, target);

        Near([1, 2, 3, 0, 0, 0.6, 0.8], target.Of(0).ToArray(), 1e-15);
        Near([0.6, 0.8], target.Of(1).ToArray(), 1e-15);
        Near([0, 0, 0, -1, 0, 0, 0], target.Of(2).ToArray(), 1e-15);
    }

    private void Check<TSymbolic, TNumber>(
        int count, KernelBackend backend, Func<string, VariableRole, Variable<TSymbolic>> variable,
        Func<Random, TNumber> random, Func<TNumber, Vector<Float64>, TNumber> retract)
        where TSymbolic : IStorable<TSymbolic, Scalar>
        where TNumber : IStorable<TNumber, Float64>
    {
        var objective = new Objective();
        var values = new Values();
        for (int k = 0; k < count; k++)
        {
            Variable<TSymbolic> x = variable($"x{k}", VariableRole.Optimized);
            objective.Add(x, x => Entries(x)[0]);
            values.Set(x, random(_random));
        }

        Moved moved = Move(objective.Compile(), values, new(Backend: backend));
        int length = moved.Step.Length / count;
        for (int k = 0; k < count; k++)
        {
            Variable x = objective.FindVariable($"x{k}")!;
            Vector<Float64> step = new([.. moved.Step[(k * length)..((k + 1) * length)].Select(x => (Float64)x)]);
            Near(Storage(retract(values.Get<TNumber>(x), step)), moved.Of(x), 4e-15);
        }
    }

    private Moved Move(Problem problem, Values values, CompilerOptions options)
    {
        Assert.Equal(options, problem.Options.Compiler with { Backend = options.Backend });
        var linearizer = new Linearizer(LinearizationPlan.Of(problem));
        SolverState state = new(problem), target = new(problem);
        state.Load(values, 0);
        var step = new Pinned<double>(problem.TangentLength);
        foreach (ref double entry in step.Span)
            entry = (6 * _random.NextDouble()) - 3;

        linearizer.Retract(state, step, target);
        linearizer.Retract(state, step, state);

        for (int k = 0; k < problem.Variables.Count; k++)
            Assert.Equal(target.Of(k), state.Of(k));
        return new(problem, step.Span.ToArray(), target);
    }

    private static Scalar[] Entries<TSymbolic>(TSymbolic x)
        where TSymbolic : IStorable<TSymbolic, Scalar>
    {
        var entries = new Scalar[x.Kind.StorageLength];
        x.CopyTo(entries);
        return entries;
    }

    private static double[] Storage<TNumber>(TNumber value)
        where TNumber : IStorable<TNumber, Float64>
    {
        var storage = new Float64[value.Kind.StorageLength];
        value.CopyTo(storage);
        return MemoryMarshal.Cast<Float64, double>(storage).ToArray();
    }

    private static void Near(double[] expected, double[] actual, double tolerance) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance * 8));

    private sealed record Moved(Problem Problem, double[] Step, SolverState State)
    {
        public double[] Of(Variable variable) => State.Of(Problem.NumberOf(variable)).ToArray();
    }
}
