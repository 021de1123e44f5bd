using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public sealed class LevelOrderTests
{
    [Fact]
    public void A_chain_is_ordered_from_one_end_whatever_its_numbering()
    {
        int[] shuffled = [.. Enumerable.Range(0, 100)];
        new Random(4).Shuffle(shuffled);
        var pairs = Enumerable.Range(0, 99).Select(k => (shuffled[k], shuffled[k + 1])).ToArray();
        int[] order = LevelOrder.Of(BlockStructure.Create([.. Enumerable.Repeat(2, 100)], pairs));
        Assert.True(order.SequenceEqual(shuffled) || order.Reverse().SequenceEqual(shuffled));
    }

    /// <summary>Two rings, a block by itself: each component is whole, and every block comes once.</summary>
    [Fact]
    public void Components_follow_one_another()
    {
        var pairs = new List<(int, int)>();
        for (int k = 0; k < 10; k++)
        {
            pairs.Add((2 * k, 2 * ((k + 1) % 10)));
            pairs.Add(((2 * k) + 1, (2 * ((k + 1) % 10)) + 1));
        }

        int[] order = LevelOrder.Of(BlockStructure.Create([.. Enumerable.Repeat(1, 21)], [.. pairs]));
        Assert.Equal(Enumerable.Range(0, 21), order.Order());
        Assert.All(order[..10], block => Assert.Equal(0, block % 2));
        Assert.All(order[10..20], block => Assert.Equal(1, block % 2));
        Assert.Equal(20, order[20]);
    }

    [Fact]
    public void An_empty_structure_has_an_empty_order() => Assert.Empty(LevelOrder.Of(BlockStructure.Create([], [])));
}
