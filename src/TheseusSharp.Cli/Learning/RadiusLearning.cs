using TheseusSharp.Adjoints;
using TheseusSharp.Learning;

namespace TheseusSharp.Cli.Learning;

/// <summary>Learns the radius of a robust loss: the gradient of the poses' error passes through the solver.</summary>
internal static class RadiusLearning
{
    private const double LearningRate = 0.2;

    /// <summary>Learns.</summary>
    /// <param name="cubes">Graphs of which the truth is known.</param>
    /// <param name="logRadius">Where to begin.</param>
    /// <param name="epochs">How many steps.</param>
    /// <param name="onEpoch">Called after each.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>The logarithm of the radius learned.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static double Learn(
        RobustCubes cubes, double logRadius, int epochs, Action<Epoch> onEpoch, CancellationToken cancellation)
    {
        cubes.Values.Set(cubes.LogRadius, logRadius);
        var adam = new Adam(LearningRate);
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            LayerPass pass = cubes.Forward(cancellation);
            LayerGradients back = pass.Backward(cubes.Slope(pass.Solution), wanted: [cubes.LogRadius]);
            adam.Step(cubes.Values, back.Gradients, cubes.LogRadius);
            onEpoch(new(epoch, cubes.Loss(pass.Solution), cubes.Values.Get(cubes.LogRadius)));
        }

        return cubes.Values.Get(cubes.LogRadius);
    }
}

/// <summary>A step of learning.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Loss">The outer loss before it.</param>
/// <param name="LogRadius">The logarithm of the radius after it.</param>
internal readonly record struct Epoch(int Number, double Loss, double LogRadius);
