/// The stations from the city's down to one of them.
package typealias StationPath = TreePath<Station>
