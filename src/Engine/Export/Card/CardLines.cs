using System.Text;

namespace MedGenCluster.Engine.Export.Card;

internal static class CardLines
{
    /// <summary>Appends a line that ends in LF on every system.</summary>
    public static StringBuilder Line(this StringBuilder card, string line = "") => card.Append(line).Append('\n');
}
