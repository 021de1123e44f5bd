namespace TheseusSharp.Learning;

/// <summary>Gradient descent, with momentum if asked for: change ← momentum·change − rate·gradient.</summary>
/// <param name="learningRate">The learning rate.</param>
/// <param name="momentum">How much of the last change is kept, in [0, 1).</param>
public sealed class Sgd(double learningRate, double momentum = 0) : OuterOptimizer(learningRate)
{
    private protected override void Change(ReadOnlySpan<double> gradient, TangentState state, Span<double> change)
    {
        for (int k = 0; k < gradient.Length; k++)
            change[k] = state.Mean[k] = (momentum * state.Mean[k]) - (LearningRate * gradient[k]);
    }
}
