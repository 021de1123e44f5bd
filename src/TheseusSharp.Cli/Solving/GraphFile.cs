using TheseusSharp.Data;

namespace TheseusSharp.Cli.Solving;

/// <summary>Reads pose graphs for people who may have mistyped a name.</summary>
internal static class GraphFile
{
    /// <summary>Reads a g2o file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ToolException">It cannot be read.</exception>
    /// <exception cref="DataFormatException">It is not as the format says.</exception>
    public static PoseGraph Read(string path)
    {
        if (Directory.Exists(path))
            throw new ToolException($"{path} is a folder; expected a g2o file.");
        try
        {
            return G2o.Read(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ToolException($"{path}: there is no such file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"{path} cannot be read: {exception.Message.TrimEnd('.')}.");
        }
    }
}
