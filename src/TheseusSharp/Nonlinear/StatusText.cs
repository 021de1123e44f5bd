using System.Globalization;

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
                $"Converged: the last step changed the cost by no more than {CostTolerance(stopping)}.",
            SolveStatus.ConvergedByGradient =>
                $"Converged: no entry of the gradient is larger than {Text(stopping.Gradient)}.",
            SolveStatus.ConvergedByStep =>
                $"Converged: no variable moved by more than {Text(stopping.RelativeStep)} of its size.",
            SolveStatus.IterationLimit => $"Stopped after {options.MaxIterations} iterations, as many as were allowed.",
            SolveStatus.NoDescent => "Stopped: no step lowers the cost, however strong the damping.",
            SolveStatus.Singular => $"Failed: the linear system has no unique solution. {detail}",
            SolveStatus.Diverged =>
                "Failed: steps led to a cost that is not finite, or above the best seen. Levenberg–Marquardt with " +
                "adaptive damping takes no such step.",
            SolveStatus.NotFinite => $"Failed: {detail}.",
            _ => "Cancelled.",
        };
    }

    private static string CostTolerance(StoppingCriteria stopping) =>
        (stopping.RelativeCostChange, stopping.AbsoluteCostChange) switch
        {
            (_, 0) => $"{Text(stopping.RelativeCostChange)} of it",
            (0, _) => Text(stopping.AbsoluteCostChange),
            _ => $"{Text(stopping.RelativeCostChange)} of it, or {Text(stopping.AbsoluteCostChange)}",
        };

    private static string Text(double tolerance) => tolerance.ToString("G2", CultureInfo.InvariantCulture);
}
