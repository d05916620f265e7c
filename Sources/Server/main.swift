print("wenming")
