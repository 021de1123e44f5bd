using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Data;

/// <summary>How to generate a synthetic pose graph; see <see cref="SyntheticCube"/>.</summary>
public sealed record SyntheticCubeOptions
{
    /// <summary>How many poses there are, at least 1.</summary>
    public required int Poses { get; init; }

    /// <summary>Equal seeds (and options) give equal graphs.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// If given, who is joined to whom is drawn from this seed, and only the rest (steps, noise, which closures are
    /// outliers) from <see cref="Seed"/>: cubes of one structure, such as a batch needs. If null, all from
    /// <see cref="Seed"/>.
    /// </summary>
    public int? StructureSeed { get; init; }

    /// <summary>The largest error of each translation coordinate of a measurement; at least 0.</summary>
    public double TranslationNoise { get; init; } = 0.05;

    /// <summary>The largest error of each rotation coordinate of a measurement, in radians; at least 0.</summary>
    public double RotationNoise { get; init; } = 0.1;

    /// <summary>How probable it is for a pose to close loops, in [0, 1].</summary>
    public double LoopClosureRatio { get; init; } = 0.2;

    /// <summary>How probable it is for a loop closure to be an outlier, in [0, 1].</summary>
    public double OutlierRatio { get; init; } = 0.05;

    /// <summary>The most loop closures of one pose, at least 1.</summary>
    public int MaxLoopClosures { get; init; } = 10;
}

/// <summary>
/// The synthetic pose graph of the Theseus paper, "Cube": a random walk in space with random loop closures.
/// </summary>
/// <remarks>
/// <para>
/// The first pose is the identity; each next one is a step Exp([v, ω]) on, v uniform in [−½, ½)³, ω in [−1, 1)³. Every
/// step is measured; with probability <see cref="SyntheticCubeOptions.LoopClosureRatio"/> a pose (of number n ≥ 2) is
/// also measured from 1 to <see cref="SyntheticCubeOptions.MaxLoopClosures"/> poses before its predecessor, drawn with
/// repetition. Measurements and initial poses are the truth ∘ Exp(noise), noise uniform within its bounds; the first
/// initial pose is exact. An outlier is the truth ∘ a random motion: rotation uniform over the group, translation
/// uniform in [0, 1)³.
/// </para>
/// <para>Square roots of information are diagonal, one over the noise bound; 1 where the bound is 0.</para>
/// <para>
/// Bits are the same on every machine: nothing but sums, products, quotients and square roots is computed.
/// </para>
/// </remarks>
public static class SyntheticCube
{
    /// <summary>Generates a graph.</summary>
    /// <param name="options">What to generate.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static SyntheticPoseGraph Generate(SyntheticCubeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        return new Generator(options).Run();
    }

    private static void Check(SyntheticCubeOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Poses, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxLoopClosures, 1);
        CheckNoise(options.TranslationNoise, nameof(options.TranslationNoise));
        CheckNoise(options.RotationNoise, nameof(options.RotationNoise));
        CheckRatio(options.LoopClosureRatio, nameof(options.LoopClosureRatio));
        CheckRatio(options.OutlierRatio, nameof(options.OutlierRatio));
    }

    private static void CheckNoise(double noise, string name)
    {
        if (!(noise >= 0 && double.IsFinite(noise)))
            throw new ArgumentOutOfRangeException(name, noise, "Expected a finite bound of at least 0.");
    }

    private static void CheckRatio(double ratio, string name)
    {
        if (!(ratio is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(name, ratio, "Expected a probability in [0, 1].");
    }

    /// <summary>One graph in the making.</summary>
    private sealed class Generator
    {
        private readonly SyntheticCubeOptions _options;
        private readonly Random _random;
        private readonly Random _structure;
        private readonly PoseGraphBuilder _builder = new(3);
        private readonly double[] _information;
        private readonly List<SE3<Float64>> _truth = [SE3<Float64>.Identity];
        private readonly List<bool> _inliers = [];

        public Generator(SyntheticCubeOptions options)
        {
            _options = options;
            _information = Information(options);
            _random = new(options.Seed);
            _structure = options.StructureSeed is { } seed ? new(seed) : _random;
        }

        public SyntheticPoseGraph Run()
        {
            AddPose(SE3<Float64>.Identity);
            for (int n = 1; n < _options.Poses; n++)
            {
                SE3<Float64> step = Uniform(0.5, 1);
                _truth.Add(Unit(_truth[^1] * step));
                AddPose(_truth[n] * Noise());
                AddEdge(n - 1, n, step * Noise(), isInlier: true);
                if (n >= 2 && _structure.NextDouble() < _options.LoopClosureRatio)
                    CloseLoops(n);
            }

            return new(_builder.Build(), [.. _truth.SelectMany(Storage)], [.. _inliers]);
        }

        private void CloseLoops(int n)
        {
            int count = 1 + _structure.Next(_options.MaxLoopClosures);
            for (int k = 0; k < count; k++)
            {
                int from = _structure.Next(n - 1);
                bool isInlier = _random.NextDouble() >= _options.OutlierRatio;
                SE3<Float64> error = isInlier ? Noise() : PortableMotions.Random(_random);
                AddEdge(from, n, _truth[from].Between(_truth[n]) * error, isInlier);
            }
        }

        private void AddPose(SE3<Float64> pose) => _builder.AddPose(_builder.PoseCount, Storage(Unit(pose)));

        private void AddEdge(int from, int to, SE3<Float64> measurement, bool isInlier)
        {
            _builder.AddEdge(from, to, Storage(Unit(measurement)), _information);
            _inliers.Add(isInlier);
        }

        private SE3<Float64> Noise() => Uniform(_options.TranslationNoise, _options.RotationNoise);

        /// <summary>Exp of a tangent uniform within bounds.</summary>
        private SE3<Float64> Uniform(double translation, double rotation)
        {
            var tangent = new Float64[6];
            for (int k = 0; k < tangent.Length; k++)
                tangent[k] = (k < 3 ? translation : rotation) * ((2 * _random.NextDouble()) - 1);
            return PortableMotions.Exp(new(tangent));
        }

        private static SE3<Float64> Unit(SE3<Float64> motion) => motion.Normalize();

        private static double[] Storage(SE3<Float64> motion) =>
            [.. motion.ToStorage().Select(number => (double)number)];

        private static double[] Information(SyntheticCubeOptions options)
        {
            double[] information = new double[36];
            for (int k = 0; k < 6; k++)
                information[7 * k] = InverseSquare(k < 3 ? options.TranslationNoise : options.RotationNoise);
            return information;
        }

        private static double InverseSquare(double noise) => noise == 0 ? 1 : 1 / (noise * noise);
    }
}

/// <summary>A generated pose graph and the truth behind it.</summary>
public sealed class SyntheticPoseGraph
{
    private readonly double[] _truth;
    private readonly bool[] _inliers;

    internal SyntheticPoseGraph(PoseGraph graph, double[] truth, bool[] inliers)
    {
        Graph = graph;
        _truth = truth;
        _inliers = inliers;
    }

    /// <summary>The graph, with noisy initial poses.</summary>
    public PoseGraph Graph { get; }

    /// <summary>The true poses, stored as those of the graph.</summary>
    public ReadOnlySpan<double> GroundTruth => _truth;

    /// <summary>Of each edge, whether it is no outlier.</summary>
    public ReadOnlySpan<bool> Inliers => _inliers;
}
