namespace TheseusSharp.Linear;

/// <content>Conjugate gradients in double with the factor in float as preconditioner.</content>
public sealed partial class RefinedCholesky
{
    /// <summary>
    /// What is left of a right-hand side, relative to the numbers it came from. Gauss–Newton systems of pose graphs
    /// take three or four steps to it, and double is three to four digits better.
    /// </summary>
    private const double Tolerance = 1e-11;

    /// <summary>So many steps, and no more: then a factorization in double would have been as fast.</summary>
    private const int StepLimit = 5;

    /// <summary>A step other than the first must make the residual this much smaller, or float is given up.</summary>
    private const double LeastReduction = 4;

    /// <summary>Solves by conjugate gradients, to the tolerance.</summary>
    /// <param name="b">The right-hand side.</param>
    /// <param name="isBegun">Whether the first half of its first solve went with the factorization.</param>
    /// <returns>Whether it got there.</returns>
    private bool Refine(ReadOnlySpan<double> b, bool isBegun)
    {
        if (_isSuspect)
        {
            _isSuspect = isBegun = false;
            if (!SolvesForSigns())
                return false;
        }

        b.CopyTo(_residual);
        _solution.AsSpan().Clear();
        double right = _single.NormOfResidual(_residual), norm = right, decrease = 0;
        bool isDone = right == 0;
        for (int step = 0; step < StepLimit && !isDone; step++)
        {
            double before = norm;
            if (isBegun && step == 0)
                _single.FinishSolve(_preconditioned);
            else
                _single.Solve(_residual, _preconditioned, norm);
            if (!Step(step == 0, ref decrease))
                return false;
            norm = _single.NormOfResidual(_residual);
            double size = _single.NormOfSolution(_solution) + right;
            isDone = norm <= Tolerance * size && size < double.PositiveInfinity;
            if (!isDone && step > 0 && !(norm * LeastReduction <= before))
                return false;
        }

        if (isDone)
            _report = _report with { RefinedSolves = _report.RefinedSolves + 1 };
        return isDone;
    }

    /// <summary>
    /// Whether a solve with the factor in float leaves little of a right-hand side that a singular matrix has no answer
    /// to; conjugate gradients alone solve singular systems that have solutions.
    /// </summary>
    private bool SolvesForSigns()
    {
        _single.WriteSigns(_residual);
        _single.Solve(_residual, _direction, norm: 1);
        Multiply();
        DenseVector.Step(1, _direction, _product, _solution, _residual);
        return _single.NormOfResidual(_residual) <= RefinementLimits.LargestRest;
    }

    /// <summary>One step of conjugate gradients, with the preconditioned residual.</summary>
    /// <param name="isFirst">Whether it is the first.</param>
    /// <param name="decrease">rᵀ·z of the last step; receives this one's.</param>
    /// <returns>Whether there was one: it needs a positive curvature.</returns>
    private bool Step(bool isFirst, ref double decrease)
    {
        _report = _report with { Steps = _report.Steps + 1 };
        double last = decrease;
        decrease = DenseVector.Dot(_residual, _preconditioned);
        DenseVector.ScaleAndAdd(_direction, isFirst ? 0 : decrease / last, _preconditioned);
        double curvature = Multiply(), length = decrease / curvature;
        if (!(curvature > 0 && length > 0 && length < double.PositiveInfinity))
            return false;
        DenseVector.Step(length, _direction, _product, _solution, _residual);
        return true;
    }

    /// <summary>(H + D)·p.</summary>
    /// <returns>pᵀ·(H + D)·p.</returns>
    private double Multiply()
    {
        _matrix!.Multiply(_direction, _product);
        if (_isDamped)
            DenseVector.AddProduct(_damping, _direction, _product);
        return DenseVector.Dot(_direction, _product);
    }
}
