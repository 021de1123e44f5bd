using TheseusSharp.Linear;

namespace TheseusSharp.Nonlinear;

/// <summary>How λ follows the gain of each step, relative to what the linear model predicted.</summary>
public enum DampingRule
{
    /// <summary>
    /// A good prediction divides λ by up to <see cref="LevenbergMarquardt.DownRatio"/>, a poor one leaves or raises it;
    /// rejections multiply it by 2, 4, 8, … (H. B. Nielsen, "Damping parameter in Marquardt's method", 1999).
    /// </summary>
    Nielsen,

    /// <summary>
    /// Divided by <see cref="LevenbergMarquardt.DownRatio"/> after a step taken, multiplied by
    /// <see cref="LevenbergMarquardt.UpRatio"/> after one rejected (D. Marquardt, 1963).
    /// </summary>
    Ratios,

    /// <summary>λ stays as it is, and every step is taken.</summary>
    Constant,
}

/// <summary>
/// Levenberg–Marquardt: steps solve (H + λ·D)·δ = −g. Unless damping is constant, a step is taken only if it gains.
/// </summary>
public sealed class LevenbergMarquardt : Optimizer
{
    private const string NoLess = "no less than the least of its range";

    /// <inheritdoc/>
    public override string Name =>
        Rule == DampingRule.Constant ? "Levenberg–Marquardt, constant damping" : "Levenberg–Marquardt";

    /// <summary>The first λ.</summary>
    public double Damping { get; init; } = 1e-4;

    /// <summary>How λ changes.</summary>
    public DampingRule Rule { get; init; }

    /// <summary>Whether D is H's diagonal, so that steps do not depend on units; else it is the identity.</summary>
    public bool IsEllipsoidal { get; init; }

    /// <summary>What H's diagonal counts as at least, and at most, if damping is ellipsoidal.</summary>
    public (double Least, double Most) DiagonalRange { get; init; } = (1e-6, 1e32);

    /// <summary>What λ is multiplied by after a rejected step (<see cref="DampingRule.Ratios"/>).</summary>
    public double UpRatio { get; init; } = 11;

    /// <summary>What λ is divided by after a step taken; at most, with <see cref="DampingRule.Nielsen"/>.</summary>
    public double DownRatio { get; init; } = 9;

    /// <summary>A step is accepted if its gain is more than this share of what was predicted.</summary>
    public double AcceptedGain { get; init; } = 1e-3;

    /// <summary>The range that adaptive λ stays in.</summary>
    public (double Least, double Most) DampingRange { get; init; } = (1e-12, 1e12);

    internal override StepControl NewControl() => new Control(this);

    private protected override void Check()
    {
        Require(Damping >= 0 && double.IsFinite(Damping), nameof(Damping), Damping, "at least 0 and finite");
        Require(Enum.IsDefined(Rule), nameof(Rule), (double)Rule, "that names a rule");
        Require(UpRatio > 1 && double.IsFinite(UpRatio), nameof(UpRatio), UpRatio, "above 1 and finite");
        Require(DownRatio > 1 && double.IsFinite(DownRatio), nameof(DownRatio), DownRatio, "above 1 and finite");
        Require(AcceptedGain is >= 0 and < 1, nameof(AcceptedGain), AcceptedGain, "at least 0 and below 1");
        Require(DampingRange.Least > 0, nameof(DampingRange), DampingRange.Least, "above 0");
        Require(
            DampingRange.Least <= DampingRange.Most, nameof(DampingRange), DampingRange.Most, NoLess);
        Require(DiagonalRange.Least > 0, nameof(DiagonalRange), DiagonalRange.Least, "above 0");
        Require(
            DiagonalRange.Least <= DiagonalRange.Most, nameof(DiagonalRange), DiagonalRange.Most, NoLess);
    }

    private static void Require(bool holds, string option, double found, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option, found, $"{option} is a number {expected}.");
    }

    private sealed class Control(LevenbergMarquardt options) : StepControl
    {
        private const double FirstRise = 2;

        private readonly bool _isConstant = options.Rule == DampingRule.Constant;
        private double _damping = options.Rule == DampingRule.Constant ? options.Damping
            : Math.Clamp(options.Damping, options.DampingRange.Least, options.DampingRange.Most);

        private double _rise = FirstRise;

        public override double Damping => _damping;

        public override bool DampsByDiagonal => options.IsEllipsoidal;

        public override bool WriteDamping(double lambda, Span<double> diagonal)
        {
            if (options.IsEllipsoidal)
                Linear.Damping.Ellipsoidal(lambda, options.DiagonalRange.Least, options.DiagonalRange.Most, diagonal);
            else
                Linear.Damping.Spherical(lambda, diagonal);
            return true;
        }

        public override bool WriteDampingSlopes(double lambda, BlockMatrix hessian, Span<double> slopes)
        {
            if (!options.IsEllipsoidal)
                return false;
            hessian.CopyDiagonalTo(slopes);
            foreach (ref double entry in slopes)
                entry = entry > options.DiagonalRange.Least && entry < options.DiagonalRange.Most ? lambda : 0;
            return true;
        }

        public override bool Accepts(in StepTrial trial)
        {
            if (_isConstant)
                return true;
            double gain = trial.GainRatio;
            if (!(trial.Change > 0 && gain > options.AcceptedGain))
                return false; // A rise that was predicted has a gain above 0, too.
            double factor = 1 / options.DownRatio;
            if (options.Rule == DampingRule.Nielsen)
                factor = Math.Max(factor, 1 - Math.Pow((2 * gain) - 1, 3));
            Set(_damping * factor);
            _rise = FirstRise;
            return true;
        }

        public override bool TryStrengthen()
        {
            if (_isConstant || _damping >= options.DampingRange.Most)
                return false;
            Set(_damping * (options.Rule == DampingRule.Nielsen ? _rise : options.UpRatio));
            _rise *= 2;
            return true;
        }

        private void Set(double damping) =>
            _damping = Math.Clamp(damping, options.DampingRange.Least, options.DampingRange.Most);
    }
}
