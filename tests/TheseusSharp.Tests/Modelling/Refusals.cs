namespace TheseusSharp.Tests.Modelling;

/// <summary>Wrong use is refused, with a message that says what of.</summary>
internal static class Refusals
{
    /// <summary>Fails unless an action throws exactly this type, and its message contains all parts.</summary>
    public static void Refuses<TException>(Action action, params string[] parts)
        where TException : Exception
    {
        string message = Assert.Throws<TException>(action).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
