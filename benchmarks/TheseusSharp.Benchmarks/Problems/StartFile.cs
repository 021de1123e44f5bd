using TheseusSharp.Data;

namespace TheseusSharp.Benchmarks.Problems;

/// <summary>A g2o file with the poses where both sides start; deleted when disposed of.</summary>
internal sealed class StartFile : IDisposable
{
    /// <summary>Writes the graph.</summary>
    public StartFile(PoseGraph graph) => G2o.Write(graph, Path);

    /// <summary>Where it is.</summary>
    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
