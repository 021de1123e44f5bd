using TheseusSharp.Linear;

namespace TheseusSharp.Nonlinear;

/// <summary>
/// Levenberg–Marquardt: steps solve (H + λ·D)·δ = −g (K. Levenberg 1944, D. Marquardt 1963). With adaptive damping a
/// step is taken only if it gains, and λ follows how well the linear model predicted the gain (H. P. Gavin, "The
/// Levenberg–Marquardt algorithm for nonlinear least squares curve-fitting problems").
/// </summary>
public sealed class LevenbergMarquardt : Optimizer
{
    /// <inheritdoc/>
    public override string Name => IsAdaptive ? "Levenberg–Marquardt" : "Levenberg–Marquardt, constant damping";

    /// <summary>λ; with adaptive damping, the first.</summary>
    public double Damping { get; init; } = 1e-4;

    /// <summary>Whether λ adapts and steps can be rejected; else λ is constant and every step is taken.</summary>
    public bool IsAdaptive { get; init; } = true;

    /// <summary>Whether D is H's diagonal, so that steps do not depend on units; else it is the identity.</summary>
    public bool IsEllipsoidal { get; init; }

    /// <summary>What H's diagonal counts as at least, and at most, if damping is ellipsoidal.</summary>
    public (double Least, double Most) DiagonalRange { get; init; } = (1e-6, 1e32);

    /// <summary>What λ is multiplied by after a rejected step.</summary>
    public double UpRatio { get; init; } = 11;

    /// <summary>What λ is divided by after an accepted step.</summary>
    public double DownRatio { get; init; } = 9;

    /// <summary>A step is accepted if its gain is more than this share of what was predicted.</summary>
    public double AcceptedGain { get; init; } = 1e-3;

    /// <summary>The range that adaptive λ stays in.</summary>
    public (double Least, double Most) DampingRange { get; init; } = (1e-12, 1e12);

    private protected override StepControl NewControl() => new Control(this);

    private protected override void Check()
    {
        Require(Damping >= 0, nameof(Damping), Damping, "at least 0");
        Require(UpRatio > 1, nameof(UpRatio), UpRatio, "above 1");
        Require(DownRatio > 1, nameof(DownRatio), DownRatio, "above 1");
        Require(AcceptedGain is >= 0 and < 1, nameof(AcceptedGain), AcceptedGain, "at least 0 and below 1");
        Require(DampingRange.Least > 0, nameof(DampingRange), DampingRange.Least, "above 0");
        Require(DampingRange.Least <= DampingRange.Most, nameof(DampingRange), DampingRange.Most, "no less than its least");
        Require(DiagonalRange.Least > 0, nameof(DiagonalRange), DiagonalRange.Least, "above 0");
        Require(
            DiagonalRange.Least <= DiagonalRange.Most, nameof(DiagonalRange), DiagonalRange.Most, "no less than its least");
    }

    private static void Require(bool holds, string option, double found, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option, found, $"{option} is a number {expected}.");
    }

    private sealed class Control(LevenbergMarquardt options) : StepControl
    {
        private double _damping = options.IsAdaptive
            ? Math.Clamp(options.Damping, options.DampingRange.Least, options.DampingRange.Most)
            : options.Damping;

        public override double Damping => _damping;

        public override bool WriteDamping(BlockMatrix hessian, Span<double> damping)
        {
            if (options.IsEllipsoidal)
                Linear.Damping.Ellipsoidal(
                    hessian, _damping, options.DiagonalRange.Least, options.DiagonalRange.Most, damping);
            else
                Linear.Damping.Spherical(_damping, damping);
            return true;
        }

        public override bool Accepts(in StepTrial trial)
        {
            if (!options.IsAdaptive)
                return true;
            bool accepted = trial.GainRatio > options.AcceptedGain;
            if (accepted)
                _damping = Math.Max(_damping / options.DownRatio, options.DampingRange.Least);
            return accepted;
        }

        public override bool TryStrengthen()
        {
            if (!options.IsAdaptive || _damping >= options.DampingRange.Most)
                return false;
            _damping = Math.Min(_damping * options.UpRatio, options.DampingRange.Most);
            return true;
        }
    }
}
