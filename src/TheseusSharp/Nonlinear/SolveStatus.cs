namespace TheseusSharp.Nonlinear;

/// <summary>How the solve of one element of a batch ended.</summary>
public enum SolveStatus
{
    /// <summary>The cost changed by less than the relative or absolute tolerance.</summary>
    ConvergedByCost,

    /// <summary>The largest entry of the gradient fell below its tolerance.</summary>
    ConvergedByGradient,

    /// <summary>No variable moved by more than its tolerance.</summary>
    ConvergedByStep,

    /// <summary>As many iterations were run as were allowed.</summary>
    IterationLimit,

    /// <summary>No step lowered the cost, however strong the damping.</summary>
    NoDescent,

    /// <summary>The linear system has no unique solution; the message names variables and cause.</summary>
    Singular,

    /// <summary>Steps led where the cost is not finite, or far above the best seen, or came to rest above it.</summary>
    Diverged,

    /// <summary>The cost or its derivatives are not finite at the initial values, or became so.</summary>
    NotFinite,

    /// <summary>The caller asked to stop.</summary>
    Cancelled,
}

/// <summary>What statuses mean.</summary>
public static class SolveStatusExtensions
{
    /// <summary>Whether a stopping criterion was met.</summary>
    /// <param name="status">The status.</param>
    public static bool IsConverged(this SolveStatus status) => status <= SolveStatus.ConvergedByStep;

    /// <summary>Whether the solver stopped without an answer, but nothing went wrong on the way.</summary>
    internal static bool IsInterrupted(this SolveStatus status) =>
        status is SolveStatus.IterationLimit or SolveStatus.NoDescent or SolveStatus.Cancelled;
}
