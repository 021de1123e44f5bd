using TheseusSharp.Linear;

namespace TheseusSharp.Nonlinear;

/// <summary>A step and what came of it.</summary>
/// <param name="Cost">The cost before.</param>
/// <param name="TrialCost">The cost after.</param>
/// <param name="Predicted">By how much the linear model said the cost would fall.</param>
internal readonly record struct StepTrial(double Cost, double TrialCost, double Predicted)
{
    public double Change => Cost - TrialCost;

    public double GainRatio => Change / Predicted;
}

/// <summary>
/// Globalisation: how a step is damped, whether it is taken, and what is learned from it. One for each element of a
/// batch, changed by its solve.
/// </summary>
internal abstract class StepControl
{
    /// <summary>λ of the next step.</summary>
    public virtual double Damping => 0;

    /// <summary>Whether D depends on H's diagonal.</summary>
    public virtual bool DampsByDiagonal => false;

    /// <summary>Writes the diagonal D that is added to H.</summary>
    /// <param name="lambda">λ, that of a step to come or of one gone by.</param>
    /// <param name="hessian">H.</param>
    /// <param name="damping">Receives D.</param>
    /// <returns>Whether there is any.</returns>
    public bool WriteDamping(double lambda, BlockMatrix hessian, Span<double> damping)
    {
        if (DampsByDiagonal)
            hessian.CopyDiagonalTo(damping);
        return WriteDamping(lambda, damping);
    }

    /// <summary>Replaces H's diagonal by D's.</summary>
    /// <param name="lambda">λ, that of a step to come or of one gone by.</param>
    /// <param name="diagonal">That of H if <see cref="DampsByDiagonal"/>, else anything; receives D.</param>
    /// <returns>Whether there is any.</returns>
    public virtual bool WriteDamping(double lambda, Span<double> diagonal) => false;

    /// <summary>How D's entries change with H's diagonal; all zero if they do not.</summary>
    /// <param name="lambda">λ.</param>
    /// <param name="hessian">H.</param>
    /// <param name="slopes">Receives dDₐ/dHₐₐ.</param>
    /// <returns>Whether any may differ from zero.</returns>
    public virtual bool WriteDampingSlopes(double lambda, BlockMatrix hessian, Span<double> slopes) => false;

    /// <summary>Whether every step to a finite cost is taken: then its end can be linearized at once.</summary>
    public virtual bool AcceptsAll => false;

    /// <summary>Whether to take a step to a finite cost; learns from it.</summary>
    public virtual bool Accepts(in StepTrial trial) => true;

    /// <summary>Damps more after a failed factorization or a trial that is not finite.</summary>
    /// <returns>False if there is nothing more to try.</returns>
    public virtual bool TryStrengthen() => false;
}
