using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;

namespace TheseusSharp.Adjoints;

/// <summary>Runs a backward mode over the elements of a batch, on one thread or several.</summary>
internal sealed class BackwardRun(
    TheseusLayer layer, SolveResult result, SolveTape[]? tapes, bool[] isWanted, IReadOnlyCollection<Variable> wanted,
    Gradients? bySolution, ReadOnlyMemory<double> byObjective)
{
    private readonly SolvePlan _plan = SolvePlan.Of(
        layer.Problem, layer.Options.LinearSolver, layer.Options.Ordering);
    private readonly ResolvedValues _solution = result.Values.Resolve(layer.Problem.Variables);

    public LayerGradients Run()
    {
        int batch = result.Values.BatchSize;
        var gradients = new Gradients(batch);
        foreach (Variable variable in wanted)
            gradients.Writable(variable);
        var elements = new ElementGradient[batch];
        ChosenLayout layout = ChosenLayout.Of(_plan, layer.Options, batch);
        LinearPrecision precision = ChosenPrecision.Of(_plan, layer.Options, layout).Precision;
        HessianKind? inPacks =
            layout.IsInterleaved && layer.Backward is ImplicitBackward implicitly ? implicitly.Kind : null;
        int width = inPacks is null ? 1 : layout.Lanes, next = 0;
        void Work()
        {
            using var pass = new BackwardPass(_plan, isWanted, layout, precision);
            using ImplicitPack? pack = inPacks is { } kind ? new(_plan, isWanted, kind, precision) : null;
            for (int first; (first = Interlocked.Add(ref next, width) - width) < batch;)
            {
                Span<ElementGradient> outcomes = elements.AsSpan(first, Math.Min(width, batch - first));
                if (pack is null)
                    outcomes[0] = RunAlone(pass, first, gradients);
                else
                    RunPack(pack, pass, first, outcomes, gradients);
            }
        }

        Concurrently.OnThreads(layer.Options.ThreadsFor((batch + width - 1) / width), Work);
        return new(gradients, elements);
    }

    private ElementGradient RunAlone(BackwardPass pass, int element, Gradients gradients)
    {
        ElementGradient outcome = RunElement(pass, element);
        gradients.Store(layer.Problem, wanted, pass.Evaluator.Gradient.Span, element);
        return outcome;
    }

    /// <summary>Elements side by side; those out of the ordinary alone.</summary>
    private void RunPack(
        ImplicitPack pack, BackwardPass pass, int first, Span<ElementGradient> outcomes, Gradients gradients)
    {
        Span<ElementGradient?> packed = new ElementGradient?[pack.Lanes];
        Span<bool> isAlone = stackalloc bool[outcomes.Length];
        bool any = false;
        for (int lane = 0; lane < outcomes.Length; lane++)
        {
            isAlone[lane] = !TryLoad(pack, pass, first + lane, lane);
            any |= !isAlone[lane];
        }

        if (any)
            pack.Run(packed);
        Span<double> gradient = pass.Evaluator.Gradient.Span;
        for (int lane = 0; lane < outcomes.Length; lane++)
        {
            if (isAlone[lane] || packed[lane] is not { } outcome)
            {
                outcomes[lane] = RunAlone(pass, first + lane, gradients);
                continue;
            }

            pack.CopyGradient(lane, gradient);
            outcomes[lane] = Checked(outcome, gradient);
            gradients.Store(layer.Problem, wanted, gradient, first + lane);
        }
    }

    /// <summary>Takes an element into a lane.</summary>
    /// <returns>False if there is something about it that has to be seen to alone.</returns>
    private bool TryLoad(ImplicitPack pack, BackwardPass pass, int element, int lane)
    {
        if (LoadCotangent(pass, element, out double byCost) is not null)
            return false;
        pack.Staging.Load(_solution, element);
        pack.Load(lane, pass.Cotangent.Span, byCost);
        return true;
    }

    /// <summary>A gradient that overflowed is none.</summary>
    private static ElementGradient Checked(ElementGradient outcome, Span<double> gradient)
    {
        if (outcome.Status != GradientStatus.SolveFailed && !DenseVector.IsFinite(gradient))
            outcome = outcome with { Status = GradientStatus.NotFinite };
        if (outcome.Status is GradientStatus.SolveFailed or GradientStatus.NotFinite)
            gradient.Clear();
        return outcome;
    }

    private ElementGradient RunElement(BackwardPass pass, int element)
    {
        pass.Evaluator.Gradient.Span.Clear();
        if (LoadCotangent(pass, element, out double byCost) is { } refused)
            return new(refused, null, result.Elements[element].GradientNorm, 0);
        pass.State.Load(_solution, element);
        if (byCost != 0)
            AddObjective(pass, byCost);
        ReadOnlySpan<TapeStep> steps = tapes is null ? [] : tapes[element].Steps;
        ElementGradient outcome = layer.Backward.Run(
            pass, new(steps, layer.Optimizer.NewControl(), layer.Options.StepSize));
        return Checked(outcome, pass.Evaluator.Gradient.Span);
    }

    /// <summary>Loads the outer gradients of an element.</summary>
    /// <param name="pass">Receives that by the solution.</param>
    /// <param name="element">The element.</param>
    /// <param name="byCost">Receives that by the objective.</param>
    /// <returns>Why it has no gradient; null if it may have one.</returns>
    private GradientStatus? LoadCotangent(BackwardPass pass, int element, out double byCost)
    {
        byCost = byObjective.IsEmpty ? 0 : byObjective.Span[element];
        SolveStatus status = result.Elements[element].Status;
        if (!status.IsConverged() && status is not (SolveStatus.IterationLimit or SolveStatus.NoDescent))
            return GradientStatus.SolveFailed;
        Span<double> cotangent = pass.Cotangent.Span;
        cotangent.Clear();
        ReadOnlySpan<int> offsets = _plan.Linearization.Structure.Offsets;
        foreach (Variable variable in bySolution?.Variables ?? [])
            bySolution!.Of(variable, element).CopyTo(cotangent[offsets[layer.Problem.NumberOf(variable)]..]);
        return DenseVector.IsFinite(cotangent) && double.IsFinite(byCost) ? null : GradientStatus.NotFinite;
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
