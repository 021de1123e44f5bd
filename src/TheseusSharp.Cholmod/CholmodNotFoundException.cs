namespace TheseusSharp.Cholmod;

/// <summary>
/// CHOLMOD cannot be used on this machine: it is not installed, or not in a version that is understood.
/// </summary>
public sealed class CholmodNotFoundException : Exception
{
    /// <summary>Says that it is not installed.</summary>
    public CholmodNotFoundException()
        : this($"{CholmodLibrary.FileName} was not found. Install it (Debian, Ubuntu: apt-get install libcholmod3), " +
            "or solve with MultifrontalCholesky, which needs nothing.")
    {
    }

    /// <summary>Says why.</summary>
    /// <param name="message">Why.</param>
    public CholmodNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Says why.</summary>
    /// <param name="message">Why.</param>
    /// <param name="innerException">The cause.</param>
    public CholmodNotFoundException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
