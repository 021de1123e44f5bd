namespace TheseusSharp.Learning;

/// <summary>D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", 2015, with bias correction.</summary>
/// <param name="learningRate">The learning rate.</param>
public sealed class Adam(double learningRate = 1e-3) : OuterOptimizer(learningRate)
{
    /// <summary>How much of the mean of gradients is kept each step, in [0, 1).</summary>
    public double FirstDecay { get; init; } = 0.9;

    /// <summary>How much of the mean of squares is kept each step, in [0, 1).</summary>
    public double SecondDecay { get; init; } = 0.999;

    /// <summary>Keeps the quotient finite where gradients vanish.</summary>
    public double Epsilon { get; init; } = 1e-8;

    private protected override void Change(ReadOnlySpan<double> gradient, TangentState state, Span<double> change)
    {
        double first = 1 - Math.Pow(FirstDecay, state.Steps), second = 1 - Math.Pow(SecondDecay, state.Steps);
        for (int k = 0; k < gradient.Length; k++)
        {
            double g = gradient[k];
            state.Mean[k] += (1 - FirstDecay) * (g - state.Mean[k]);
            state.Square[k] += (1 - SecondDecay) * ((g * g) - state.Square[k]);
            change[k] = -LearningRate * state.Mean[k] / first / (Math.Sqrt(state.Square[k] / second) + Epsilon);
        }
    }
}
