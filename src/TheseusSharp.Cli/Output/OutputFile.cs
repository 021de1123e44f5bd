namespace TheseusSharp.Cli.Output;

/// <summary>Files that are there in full or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Finds out before long work whether a file can be written at its end.</summary>
    /// <param name="option">What names the path.</param>
    /// <param name="path">The file; null if none is wanted.</param>
    /// <exception cref="ToolException">It cannot.</exception>
    public static void RequireWritable(string option, string? path)
    {
        if (path is null)
            return;
        Guard($"{option} {path}", () =>
        {
            if (Directory.Exists(path))
                throw new IOException("it is a folder");
            string? folder = Path.GetDirectoryName(Target(path));
            if (!Directory.Exists(folder))
                throw new IOException($"there is no folder {folder}");
            if (File.Exists(path))
                File.OpenHandle(path, FileMode.Open, FileAccess.Write).Dispose();
            if (!IsDevice(path))
                File.Create(Temporary(path), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        });
    }

    /// <summary>Writes a file beside its place, then moves it there. Devices are written to directly.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="ToolException">It cannot be written.</exception>
    public static void Write(string path, Action<Stream> write) => Guard(path, () =>
    {
        if (IsDevice(path))
        {
            using var device = new FileStream(path, FileMode.Open, FileAccess.Write);
            write(device);
            return;
        }

        string temporary = Temporary(path);
        try
        {
            using (FileStream stream = File.Create(temporary))
                write(stream);
            if (File.Exists(path) && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(path));
            File.Move(temporary, Target(path), overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    });

    private static string Temporary(string path)
    {
        string target = Target(path);
        return Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}");
    }

    /// <summary>What a link leads to: the link itself is to stay.</summary>
    private static string Target(string path) =>
        new FileInfo(path).LinkTarget is null
            ? Path.GetFullPath(path) : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    /// <summary>A device cannot be replaced by a file.</summary>
    private static bool IsDevice(string path) => Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal);

    private static void Guard(string name, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"{name} cannot be written: {exception.Message.TrimEnd('.')}.");
        }
    }
}
