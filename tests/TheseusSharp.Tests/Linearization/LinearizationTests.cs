using System.Collections.Concurrent;
using TheseusSharp.Kernels;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Tests.Kernels;

namespace TheseusSharp.Tests.Linearization;

/// <summary>H, g and the objective of mixed problems against dense sums in double-double, on every back-end.</summary>
public class LinearizationTests
{
    private static readonly ConcurrentDictionary<int, Lazy<MixedModel>> s_models = new();

    public static TheoryData<int> Sizes => [1, 7, 8, 9, 100];

    public static TheoryData<SimdWidth> Widths =>
        [.. new[] { SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512 }.Where(WidthTheoryAttribute.IsAvailable)];

    [Theory, MemberData(nameof(Sizes))]
    public void Groups_of_any_size_give_the_dense_sums(int size)
    {
        MixedModel model = Model(size);

        Assert.All(model.Problem.Groups, group => Assert.Equal(size, group.Count));
        Linearized.Of(model.Problem, model.Values).AssertNear(model.Oracle);
    }

    [Theory, MemberData(nameof(Widths))]
    public void Every_width_gives_the_dense_sums(SimdWidth width)
    {
        MixedModel model = Model(9);
        Linearized.Of(model.Compile(new(width)), model.Values).AssertNear(model.Oracle);
    }

    [Theory, MemberData(nameof(Widths))]
    public void The_interpreter_gives_the_bits_of_compiled_code(SimdWidth width)
    {
        MixedModel model = Model(9);
        Linearized compiled = Linearized.Of(model.Compile(new(width, KernelBackend.Compiled)), model.Values);
        Linearized interpreted = Linearized.Of(model.Compile(new(width, KernelBackend.Interpreter)), model.Values);

        interpreted.AssertSameBits(compiled);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void The_objective_comes_out_the_same_with_and_without_derivatives(int size)
    {
        MixedModel model = Model(size);
        Linearized linearized = Linearized.Of(model.Problem, model.Values);

        Assert.Equal(linearized.Objective, linearized.Cost, 1e-15 * linearized.Cost);
    }

    [Fact]
    public void Two_problems_of_one_objective_give_the_same_bits()
    {
        MixedModel model = Model(9);
        Linearized first = Linearized.Of(model.Compile(CompilerOptions.Default), model.Values);

        Linearized.Of(model.Compile(CompilerOptions.Default), model.Values.Clone()).AssertSameBits(first);
    }

    [Fact]
    public void Threads_share_a_problem()
    {
        MixedModel model = Model(9);
        Linearized expected = Linearized.Of(model.Problem, model.Values);
        Problem problem = model.Compile(CompilerOptions.Default);
        var found = new Linearized[8];

        Parallel.For(0, found.Length, k => found[k] = Linearized.Of(problem, model.Values));

        Assert.All(found, linearized => linearized.AssertSameBits(expected));
    }

    [Fact]
    public void Nothing_is_allocated_after_the_first_time()
    {
        MixedModel model = Model(100);
        var linearizer = new Linearizer(LinearizationPlan.Of(model.Problem));
        SolverState state = new(model.Problem), target = new(model.Problem);
        state.Load(model.Values, 0);
        var step = new Pinned<double>(model.Problem.TangentLength);
        double sum = Run();

        long before = GC.GetAllocatedBytesForCurrentThread();
        sum += Run() + Run();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.True(double.IsFinite(sum));

        double Run()
        {
            linearizer.Retract(state, step, target);
            return linearizer.Linearize(state) + linearizer.Objective(target);
        }
    }

    private static MixedModel Model(int size) =>
        s_models.GetOrAdd(size, static size => new(() => MixedModel.Of(size))).Value;
}
