namespace TheseusSharp.Nonlinear;

/// <summary>A status as a sentence.</summary>
internal static class StatusText
{
    public static string Of(SolveStatus status, string? detail, SolveOptions options)
    {
        StoppingCriteria stopping = options.Stopping;
        return status switch
        {
            SolveStatus.ConvergedByCost =>
                $"Converged: the last step changed the cost by no more than {stopping.RelativeCostChange:G2} of it.",
            SolveStatus.ConvergedByGradient =>
                $"Converged: no entry of the gradient is larger than {stopping.Gradient:G2}.",
            SolveStatus.ConvergedByStep =>
                $"Converged: no variable moved by more than {stopping.RelativeStep:G2} of its size.",
            SolveStatus.IterationLimit => $"Stopped after {options.MaxIterations} iterations, as many as were allowed.",
            SolveStatus.NoDescent => "Stopped: no step lowers the cost, however strong the damping.",
            SolveStatus.Singular => $"Failed: the linear system has no unique solution. {detail}",
            SolveStatus.Diverged =>
                "Failed: a step led to a cost that is not finite or far above the best. Levenberg–Marquardt with " +
                "adaptive damping would reject it.",
            SolveStatus.NotFinite => $"Failed: the cost is not finite; {detail} not finite.",
            _ => "Cancelled.",
        };
    }
}
