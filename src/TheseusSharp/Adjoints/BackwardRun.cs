using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Adjoints;

/// <summary>Runs a backward mode over the elements of a batch, on one thread or several.</summary>
internal sealed class BackwardRun(
    TheseusLayer layer, SolveResult result, SolveTape[]? tapes, bool[] isWanted, IReadOnlyCollection<Variable> wanted)
{
    private readonly SolvePlan _plan = SolvePlan.Of(layer.Problem, layer.Options.LinearSolver);

    public LayerGradients Run(Gradients? bySolution, ReadOnlyMemory<double> byObjective)
    {
        int batch = result.Values.BatchSize;
        var gradients = new Gradients(batch);
        foreach (Variable variable in wanted)
            gradients.Writable(variable);
        var elements = new ElementGradient[batch];
        ChosenLayout layout = ChosenLayout.Of(_plan, layer.Options, batch);
        int next = -1;
        void Work()
        {
            using var pass = new BackwardPass(_plan, isWanted, layout);
            for (int element; (element = Interlocked.Increment(ref next)) < batch;)
            {
                elements[element] = RunElement(pass, bySolution, byObjective.Span, element);
                gradients.Store(layer.Problem, wanted, pass.Evaluator.Gradient.Span, element);
            }
        }

        Concurrently.OnThreads(layer.Options.ThreadsFor(batch), Work);
        return new(gradients, elements);
    }

    private ElementGradient RunElement(
        BackwardPass pass, Gradients? bySolution, ReadOnlySpan<double> byObjective, int element)
    {
        pass.Evaluator.Gradient.Span.Clear();
        SolveStatus status = result.Elements[element].Status;
        if (!status.IsConverged() && status is not (SolveStatus.IterationLimit or SolveStatus.NoDescent))
            return new(GradientStatus.SolveFailed, null, result.Elements[element].GradientNorm, 0);
        pass.State.Load(result.Values, element);
        LoadCotangent(pass, bySolution, element);
        double byCost = byObjective.IsEmpty ? 0 : byObjective[element];
        if (!IsFinite(pass.Cotangent.Span) || !double.IsFinite(byCost))
            return new(GradientStatus.NotFinite, null, result.Elements[element].GradientNorm, 0);
        if (byCost != 0)
            AddObjective(pass, byCost);
        ReadOnlySpan<TapeStep> steps = tapes is null ? [] : tapes[element].Steps;
        ElementGradient outcome = layer.Backward.Run(
            pass, new(steps, layer.Optimizer.NewControl(), layer.Options.StepSize));
        if (outcome.Status != GradientStatus.SolveFailed && !IsFinite(pass.Evaluator.Gradient.Span))
            outcome = outcome with { Status = GradientStatus.NotFinite };
        if (outcome.Status is GradientStatus.SolveFailed or GradientStatus.NotFinite)
            pass.Evaluator.Gradient.Span.Clear();
        return outcome;
    }

    private static bool IsFinite(ReadOnlySpan<double> numbers)
    {
        foreach (double number in numbers)
            if (!double.IsFinite(number))
                return false;
        return true;
    }

    private void LoadCotangent(BackwardPass pass, Gradients? bySolution, int element)
    {
        Span<double> cotangent = pass.Cotangent.Span;
        cotangent.Clear();
        ReadOnlySpan<int> offsets = _plan.Linearization.Structure.Offsets;
        foreach (Variable variable in bySolution?.Variables ?? [])
            bySolution!.Of(variable, element).CopyTo(cotangent[offsets[layer.Problem.NumberOf(variable)]..]);
    }

    /// <summary>The objective depends on φ directly, and on θ* through what is left of its gradient.</summary>
    private static void AddObjective(BackwardPass pass, double scale)
    {
        pass.Linearizer.Linearize(pass.State);
        Span<double> cotangent = pass.Cotangent.Span;
        for (int k = 0; k < cotangent.Length; k++)
            cotangent[k] += scale * pass.Linearizer.Gradient[k];
        pass.Evaluator.Add(AdjointTarget.Cost, pass.State, scale);
        pass.Evaluator.Gradient.Span[..cotangent.Length].Clear();
    }
}
