using TheseusSharp.Linear;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Adjoints;

/// <summary>Differences of an outer loss through solves that repeat what a backward mode differentiates.</summary>
internal sealed class SolveDifferences
{
    private const int LeastIterations = 300;

    private static readonly StoppingCriteria s_tight =
        StoppingCriteria.None with { Gradient = 1e-14, RelativeStep = 1e-15 };

    private readonly GradientCheckOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly Values _inputs;
    private readonly SolveTape[]? _tapes;

    /// <summary>Solves.</summary>
    public SolveDifferences(
        TheseusLayer layer, Values inputs, GradientCheckOptions options, CancellationToken cancellation = default)
    {
        _options = options;
        _cancellation = cancellation;
        _inputs = inputs;
        int recorded = layer.Backward.RecordedSteps;
        SolveOptions run = recorded > 0 ? layer.Options : Converging(layer.Options);
        Layer = new(layer.Problem, layer.Optimizer, layer.Backward, run);
        if (recorded > 0)
            _tapes = layer.Backward.NewTapes(inputs.BatchSize);
        Pass = new(Layer, layer.Optimizer.Solve(layer.Problem, inputs, run, _tapes, cancellation), _tapes);
        cancellation.ThrowIfCancellationRequested();
        Wanted = options.Variables ?? [.. layer.Problem.Variables.Skip(layer.Problem.OptimizedCount)];
        BySolution = options.BySolution ?? (options.ByObjective.IsEmpty ? RandomLoss() : null);
    }

    /// <summary>The layer, its stopping criteria tightened if the mode assumes convergence.</summary>
    public TheseusLayer Layer { get; }

    /// <summary>The pass that gradients are of.</summary>
    public LayerPass Pass { get; }

    /// <summary>The gradient of the outer loss by the solution; null for none.</summary>
    public Gradients? BySolution { get; }

    /// <summary>The variables to check.</summary>
    public IReadOnlyCollection<Variable> Wanted { get; }

    public double Tolerance => _options.Tolerance;

    /// <summary>The derivative by a tangent coordinate, and how far off it may be.</summary>
    public (double Derivative, double Noise) By(Variable variable, int element, int coordinate)
    {
        Start start = StartOf(element);
        double step = _options.Step * SizeOf(variable, start.Values, coordinate);
        double At(double by) => LossOf(start, variable, element, coordinate, by);
        double Central(double by) => (At(by) - At(-by)) / (2 * by);
        double[] central = [.. Enumerable.Range(0, 4).Select(halvings => Central(Math.ScaleB(step, -halvings)))];
        double[] once = Extrapolated(central, 4);
        double[] twice = Extrapolated(once, 16);
        return (twice[0], Math.Abs(twice[1] - twice[0]) + Math.Abs(twice[0] - once[1]));
    }

    private static SolveOptions Converging(SolveOptions options) => options with
    {
        StepSize = 1,
        Stopping = s_tight,
        MaxIterations = Math.Max(options.MaxIterations, LeastIterations),
    };

    private static double[] Extrapolated(double[] x, double ratio) =>
        [.. x.Skip(1).Zip(x, (fine, coarse) => ((ratio * fine) - coarse) / (ratio - 1))];

    private static double SizeOf(Variable variable, Values values, int coordinate) =>
        variable.Kind.IsGroup ? 1 : Math.Max(1, Math.Abs(StorageOf(variable, values, 0)[coordinate]));

    /// <summary>Where the solves of an element begin, and what runs them.</summary>
    private Start StartOf(int element)
    {
        Problem problem = Layer.Problem;
        var values = new Values();
        foreach (Variable variable in problem.Variables)
            values.Set(variable, StorageOf(variable, problem.IsOptimized(variable) ? Pass.Solution : _inputs, element));
        if (_tapes is null)
            return new(values, Layer.Optimizer, Layer.Options);
        TapeStep[] steps = _tapes[element].Steps.ToArray();
        if (steps.Length > 0)
            RestoreOptimized(values, steps[0].Values!); // The first is always stored.
        SolveOptions run = Layer.Options with { MaxIterations = steps.Length, Stopping = StoppingCriteria.None };
        return new(values, new RecordedDamping(Layer.Optimizer, steps), run with { OnIteration = null });
    }

    private void RestoreOptimized(Values values, double[] saved)
    {
        var state = new Linearization.SolverState(Layer.Problem);
        state.Load(values, 0);
        state.RestoreOptimized(saved);
        state.Store(values, 0);
    }

    private double LossOf(Start start, Variable variable, int element, int coordinate, double size)
    {
        Values values = start.Values.Clone();
        values.Set(variable, Moved(variable.Kind, StorageOf(variable, values, 0), coordinate, size));
        SolveResult result = start.Optimizer.Solve(Layer.Problem, values, start.Options, _cancellation);
        _cancellation.ThrowIfCancellationRequested();
        SolveStatus status = result.First.Status;
        if (!status.IsConverged() && !status.IsInterrupted())
            return double.NaN;
        double loss = _options.ByObjective.IsEmpty ? 0 : _options.ByObjective.Span[element] * result.First.FinalCost;
        foreach (Variable solved in BySolution?.Variables ?? [])
            loss += Moved(solved, element, result.Values);
        return loss;
    }

    /// <summary>How a solution moved, times the gradient by it: linear in what is stored.</summary>
    private double Moved(Variable variable, int element, Values solution)
    {
        double[] origin = StorageOf(variable, Pass.Solution, element), now = StorageOf(variable, solution, 0);
        var gradient = new Scalar[origin.Length];
        variable.Kind.Unproject(
            Literals(origin), Literals(BySolution!.Of(variable, element).ToArray()), gradient);
        double sum = 0;
        for (int k = 0; k < origin.Length; k++)
            sum += gradient[k].LiteralValue * (now[k] - origin[k]);
        return sum;
    }

    /// <summary>x∘Exp(δ) for δ along one coordinate.</summary>
    private static double[] Moved(ValueKind kind, double[] storage, int coordinate, double size)
    {
        var tangent = new double[kind.TangentLength];
        tangent[coordinate] = size;
        var moved = new Scalar[storage.Length];
        kind.Retract(Literals(storage), Literals(tangent), moved);
        return Array.ConvertAll(moved, x => x.LiteralValue);
    }

    private static Scalar[] Literals(double[] numbers) => Array.ConvertAll(numbers, x => (Scalar)x);

    private static double[] StorageOf(Variable variable, Values values, int element)
    {
        var storage = new double[variable.Kind.StorageLength];
        values.CopyTo(variable, element, storage);
        return storage;
    }

    private Gradients RandomLoss()
    {
        var random = new Random(_options.Seed);
        var loss = new Gradients(_inputs.BatchSize);
        foreach (Variable variable in Layer.Problem.Variables.Take(Layer.Problem.OptimizedCount))
            foreach (ref double entry in loss.Writable(variable))
                entry = (2 * random.NextDouble()) - 1;
        return loss;
    }

    private sealed record Start(Values Values, Optimizer Optimizer, SolveOptions Options);

    /// <summary>Takes every step, damped as was recorded.</summary>
    private sealed class RecordedDamping(Optimizer recorded, TapeStep[] steps) : Optimizer
    {
        public override string Name => $"{recorded.Name}, damping as recorded";

        internal override StepControl NewControl() => new Control(recorded.NewControl(), steps);

        private sealed class Control(StepControl recorded, TapeStep[] steps) : RecordedControl(recorded)
        {
            private int _taken;

            public override double Damping => _taken < steps.Length ? steps[_taken].Damping : 0;

            public override bool Accepts(in StepTrial trial)
            {
                _taken++;
                return true;
            }
        }
    }
}
